# SPDX-License-Identifier: BSD-3-Clause
"""Several processes that exchange tensors."""

import subprocess

import support


class Cases(support.Case):
    def run_ranks(self, name):
        """Records both ranks as <name>0.h5 and <name>1.h5. Returns: what they printed."""
        python = self.python_of_torch()
        script = support.SOURCE / "tests" / "programs" / "python" / "two_ranks.py"
        ranks = [subprocess.Popen(
            self.record_words([python, script, str(rank), self.folder / name], f"{name}{rank}.h5", ["-f"]),
            cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for rank in range(2)]
        outcomes = [support.Outcome(0, *rank.communicate(timeout=120)) for rank in ranks]
        self.assertEqual([rank.returncode for rank in ranks], [0, 0], outcomes)
        return [outcome.out for outcome in outcomes]

    def test_what_arrives_later_is_no_difference(self):
        for _ in range(support.pairs(1)):
            self.check_pair()

    def check_pair(self):
        for meeting in "a", "b":
            (self.folder / meeting).unlink(missing_ok=True)
        printed = [self.run_ranks(name) for name in ("a", "b")]
        self.assertEqual(*printed)
        for rank in range(2):
            self.assert_same(f"a{rank}.h5", f"b{rank}.h5")
            for event in self.events("--op", "^c10d::allreduce_$", path=f"a{rank}.h5"):
                shown = self.json_of("show", "--json", f"a{rank}.h5", "--event", str(event["event"]))
                outputs = [tensor for tensor in shown["tensors"] if tensor["slot"].startswith("out")]
                self.assertTrue(outputs)
                for tensor in outputs:
                    self.assertIn("not-read", tensor["value_flags"])
