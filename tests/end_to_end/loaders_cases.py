# SPDX-License-Identifier: BSD-3-Clause
"""Loaders with workers: batches are told by who made them, and clean runs are the same."""

import support

SAMPLES = support.SOURCE / "samples" / "python"


class Cases(support.Case):
    def words(self, *options):
        return [self.python_of_torch(), str(SAMPLES / "augment_in_workers.py"), *options]

    def pair(self, a, b):
        for options, output in ((a, "a.h5"), (b, "b.h5")):
            recorded = self.record(self.words(*options), output, ["-q", "-f"])
            self.assertEqual(recorded.status, 0, recorded)

    def assert_cause(self, kind, fact, a, b=None):
        self.pair(a, a if b is None else b)
        verdict = self.diff()
        self.assertEqual((verdict["verdict"], verdict["cause"]["class"]), ("diverged", kind), verdict)
        self.assertIn(fact, verdict["cause"]["evidence"][0]["sentence"])

    def test_seeded_workers_are_the_same(self):
        for start in ("fork", "spawn", "forkserver"):
            with self.subTest(start=start):
                self.pair(("--start", start), ("--start", start))
                verdict = self.diff()  # not assert_same(): batches arrive in any order
                self.assertEqual((verdict["verdict"], verdict["exit"]), ("same", 0), verdict)
                batches = self.events("--filter", "kind:batch")
                self.assertEqual(len(batches), 16)

    def test_forked_workers_are_unharmed(self):
        self.assert_unharmed(self.words())

    def test_a_generator_without_a_seed_in_the_dataset(self):
        self.assert_cause("input_data", "worker 0 made other data for batch 0 of the loader, though it was "
                          "seeded alike and asked for the same examples", ("--noise", "own"))

    def test_workers_that_seed_by_the_clock(self):
        self.assert_cause("stream", "numpy.random of worker 0 was in different states before the worker made batch 0",
                          ("--noise", "clock"))

    def test_another_number_of_workers(self):
        self.assert_cause("input_data", "batch 1 of the loader was made by worker 1 in A, by worker 0 in B",
                          ("--workers", "2"), ("--workers", "1"))

    def test_batches_that_arrive_in_another_order(self):
        self.assert_cause("input_data", "batch 1 of the loader arrived here in A, batch 0 in B",
                          ("--any-order", "--slow", "0"), ("--any-order", "--slow", "1"))

    def test_the_seed_of_workers_alone_is_no_difference(self):
        script = self.folder / "infers.py"
        script.write_text("import torch\n"
                          "from torch.utils.data import DataLoader, TensorDataset\n"
                          "model = torch.nn.Linear(4, 1)\n"
                          "torch.nn.init.ones_(model.weight), torch.nn.init.zeros_(model.bias)\n"
                          "for (batch,) in DataLoader(TensorDataset(torch.arange(32.).reshape(8, 4)), batch_size=2):\n"
                          "    print(model(batch).tolist())\n")
        for output in ("a.h5", "b.h5"):
            self.record([self.python_of_torch(), str(script)], output, ["-q"])
        self.assert_same()
