# SPDX-License-Identifier: BSD-3-Clause
"""Seeded programs in which chance orders what does not matter: no false alarm."""

import support


class Cases(support.Case):
    def check(self, words, *options):
        for _ in range(support.pairs(2)):
            printed = [self.record(words, output, ["-f"]) for output in ("a.h5", "b.h5")]
            self.assertEqual([outcome.status for outcome in printed], [0, 0], printed)
            self.assertEqual(printed[0].out, printed[1].out)
            verdict = self.json_of("diff", "--json", *options, "a.h5", "b.h5")
            self.assertEqual((verdict["verdict"], verdict["origin_count"]), ("same", 0), verdict)
            self.assertGreater(verdict["coverage"]["values_compared"], 100, verdict["coverage"])

    def test_an_optimizer_that_is_saved_and_loaded(self):
        self.check([self.program("saves_and_loads")])

    def test_a_loader_with_forked_workers(self):
        script = support.SOURCE / "tests" / "programs" / "python" / "loads_batches.py"
        self.check([self.python_of_torch(), str(script)], "--allow-unrecorded-children")
