# SPDX-License-Identifier: BSD-3-Clause
"""Versions of the packages that a program has imported."""

import json
import sys


def versions():
    """By name, of those that say it in `__version__`. Runs no code of theirs: some import more when asked."""
    found = {}
    for name, module in sys.modules.copy().items():
        try:
            version = object.__getattribute__(module, "__dict__").get("__version__")
        except AttributeError:
            continue
        if isinstance(version, str) and "." not in name:
            found[name] = str(version)
    return found


class Packages:
    def __init__(self, bridge):
        self.bridge = bridge
        self.told = {}

    def tell(self):
        """Those that were not told before."""
        new = {name: version for name, version in versions().items() if name not in self.told}
        if new:
            self.told.update(new)
            self.bridge.environment(json.dumps({"packages": new}))
