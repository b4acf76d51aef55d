# SPDX-License-Identifier: BSD-3-Clause
"""LibTorch's own tests, which its wheel ships, pass and print recorded what they do alone.

scripts/torch_tests.sh runs all of them; here are those that print modules, initialize, and save and load.
"""

import re

import support

SUITES = ["InitTest", "SerializeTest", "ModuleTest", "ModuleDictTest", "ModuleListTest", "SequentialTest"]


class Cases(support.Case):
    def run_tests(self, run, *options):
        programs = list(support.SOURCE.glob(".venv/lib/python3*/site-packages/torch/bin/test_api"))
        if not programs or not programs[0].parents[1].joinpath("version.py").read_text().count(support.torch_version):
            self.skipTest("this LibTorch ships no tests")
        chosen = ":".join([f"{suite}.*" for suite in SUITES] + ["*PrettyPrint*"])
        outcome = run([str(programs[0]), f"--gtest_filter={chosen}"], *options)
        self.assertEqual(outcome.status, 0, outcome)
        return re.sub(r"\d+ ms", "N ms", outcome.out.decode())

    def test_they_pass_and_print_the_same(self):
        bare = self.run_tests(self.run_words)
        self.assertGreater(bare.count("[       OK ]"), 100)
        for output in "a.h5", "b.h5":
            self.assertEqual(self.run_tests(self.record, output), bare)
            self.assert_whole(output)
        self.assertNotEqual(self.diff()["verdict"], "not_comparable")
