#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_causes.py ROOT: status 1 unless docs/causes.md has a section for each class of cause, in their order."""

import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    source = (root / "replay" / "result" / "names.cpp").read_text()
    names = re.findall(r'"(\w+)"', source[source.index("causeName") : source.index("confidenceName")])
    sections = re.findall(r"^## `(\w+)`$", (root / "docs" / "causes.md").read_text(), re.M)
    if names != sections:
        print(f"docs/causes.md has {sections}, replay/result/names.cpp {names}")
        return 1
    print(f"{len(names)} classes, a section for each")
    return 0


if __name__ == "__main__":
    sys.exit(main())
