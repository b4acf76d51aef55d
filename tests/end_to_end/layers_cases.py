# SPDX-License-Identifier: BSD-3-Clause
"""Where layers stand in a program that calls nothing but forward."""

import support


class Cases(support.Case):
    def paths(self, how):
        self.assert_unharmed([self.program("infers"), how], options=["-f"])
        return [event["layer"] for event in self.events("--kind", "layer")]

    def test_of_a_module_that_somebody_owns(self):
        for how in "shared", "local", "static":
            self.assertEqual(self.paths(how), ["Net.first", "Net.block.second"], how)

    def test_of_a_sequence(self):
        self.assertEqual(self.paths("sequential"), ["Sequential.0", "Sequential.1", "Sequential.2.second"])

    def test_of_two_modules_one_after_another(self):
        paths = self.paths("one-after-another")
        self.assertEqual(paths, ["Net.first", "Net.block.second", "Net#1.first", "Net#1.block.second"])

    def test_of_a_module_that_tells_itself(self):
        self.assertEqual(self.paths("telling"), ["Telling", "Telling.first", "Telling.block.second"])

    def test_that_are_not_certain_are_not_told(self):
        self.assertEqual(self.paths("unique"), ["Linear#0", "Linear#1"])
        self.assertEqual(self.paths("survivor"), ["Linear#0"])
        self.assertEqual(self.paths("free"), ["Linear#0"])
