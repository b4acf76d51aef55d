# SPDX-License-Identifier: BSD-3-Clause
"""The same program on two builds of LibTorch: whatever differs is the library's, or nothing does."""

import support


class Cases(support.Case):
    def compare_builds(self, name, arguments=()):
        """The verdicts against each other LibTorch that was built."""
        others = [folder.name.removeprefix("torch-") for folder in support.build.glob("torch-*")
                  if folder.name != f"torch-{support.torch_version}"]
        if not others:
            self.skipTest("one LibTorch only")
        self.assertEqual(self.record([self.sample(name)], "a.h5", ["-f"]).status, 0)
        for other in others:
            program = str(support.build / f"torch-{other}" / "samples" / name)
            self.assertEqual(self.record([program, *arguments], "b.h5", ["-f"]).status, 0)
            yield self.diff()

    def check_clean(self, name):
        for verdict in self.compare_builds(name):
            self.assertNotEqual(verdict["verdict"], "not_comparable", verdict)
            for origin in verdict["origins"]:
                self.assertEqual(origin["cause"]["class"], "library", origin)

    def test_clean_mlp(self):
        self.check_clean("clean_mlp")

    def test_clean_cnn(self):
        self.check_clean("clean_cnn")

    def test_clean_transformer(self):
        self.check_clean("clean_transformer")

    def test_clean_views(self):
        self.check_clean("clean_views")

    def test_clean_pool(self):
        self.check_clean("clean_pool")

    def test_a_cause_of_the_programs_own_is_told_beside_it(self):
        for verdict in self.compare_builds("data_order"):
            self.assertEqual(verdict["first"]["op"], "aten::index_select", verdict)
            self.assertEqual(verdict["cause"]["class"], "input_data", verdict)
