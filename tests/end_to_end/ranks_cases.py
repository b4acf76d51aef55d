# SPDX-License-Identifier: BSD-3-Clause
"""Several processes that exchange tensors."""

import subprocess

import support

PYTHON = support.SOURCE / ".venv" / "bin" / "python3"


class Cases(support.Case):
    def setUp(self):
        super().setUp()
        versions = support.SOURCE.glob(".venv/lib/python3*/site-packages/torch/version.py")
        if not any(f"'{support.torch_version}." in path.read_text() for path in versions):
            self.skipTest("no Python package of this LibTorch")

    def run_ranks(self, name):
        """Records both ranks as <name>0.h5 and <name>1.h5. Returns: what they printed."""
        script = support.SOURCE / "tests" / "programs" / "two_ranks.py"
        ranks = [subprocess.Popen(
            self.record_words([PYTHON, script, str(rank), self.folder / name], f"{name}{rank}.h5"), cwd=self.folder,
            env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for rank in range(2)]
        outcomes = [support.Outcome(0, *rank.communicate(timeout=120)) for rank in ranks]
        self.assertEqual([rank.returncode for rank in ranks], [0, 0], outcomes)
        return [outcome.out for outcome in outcomes]

    def test_what_arrives_later_is_no_difference(self):
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
