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


    def test_resume_without_rng(self):
        """The generator that dropout draws from is not in the checkpoint; restoring the rest is no cause."""
        self.record_sample("resume_without_rng", ["--save", "saved.pt"], "a.h5")
        self.record_sample("resume_without_rng", ["--resume", "saved.pt"], "b.h5")
        self.check_divergence("resume_without_rng", {
            "verdict": "diverged", "class": "extra_draw", "op": "aten::dropout", "layer": "Sequential.2",
            "phase": "forward", "steps": [3, 3]})


samples_cases.add_tests(Cases, EXPECTED)
