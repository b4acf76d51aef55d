# SPDX-License-Identifier: BSD-3-Clause
"""Every sample in samples/python gets the verdict that its expected.json promises."""

import json

import samples_cases
import support

FOLDER = support.SOURCE / "samples" / "python"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())


class Cases(samples_cases.Checks):
    def words_of(self, name):
        return [self.python_of_torch(), str(FOLDER / f"{name}.py")]


samples_cases.add_tests(Cases, EXPECTED)
