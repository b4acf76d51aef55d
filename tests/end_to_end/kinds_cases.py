# SPDX-License-Identifier: BSD-3-Clause
"""Kinds of trouble that people report, each with its right answer (tests/programs/two_ways.cpp)."""

import support


def words_of(cause):
    return " ".join(fact["sentence"] for fact in cause["evidence"])


class Cases(support.Case):
    def record_way(self, kind, way, output):
        outcome = self.record([self.program("two_ways"), kind, str(way), "state"], output, ["-f"])
        self.assertEqual(outcome.status, 0, outcome)
        return outcome.out

    def compare(self, kind, ways=(0, 1)):
        """The verdict of two runs, one each way."""
        for output, way in zip(("a.h5", "b.h5"), ways):
            self.record_way(kind, way, output)
        return self.diff()

    def only_origin(self, verdict, cause, op):
        self.assertEqual((verdict["verdict"], verdict["origin_count"]), ("diverged", 1), verdict)
        (origin,) = verdict["origins"]
        self.assertEqual(origin["cause"]["class"], cause, origin)
        self.assertRegex(origin["first"]["op"] or "", f"^aten::{op}$")
        return origin

    def assert_noted(self, verdict, words):
        self.assertTrue(any(words in note for note in verdict["notes"]), verdict["notes"])

    def test_weights_that_are_replaced_are_a_note(self):
        for _ in range(support.pairs(1)):
            verdict = self.compare("replaces", (0, 0))
            self.assertEqual((verdict["verdict"], verdict["origin_count"]), ("same", 0), verdict)
            self.assert_noted(verdict, "nobody sees the difference")
        strict = self.tool("diff", "--strict", "a.h5", "b.h5")
        self.assertEqual(strict.status, 1, strict)

    def test_weights_that_stay_random_lead(self):
        origin = self.only_origin(self.compare("replaces", (1, 1)), "unseeded", "uniform_")
        self.assertGreater(origin["first"]["event_a"], 3)

    def test_another_batch_size_is_structure(self):
        verdict = self.compare("batch")
        self.assertEqual(verdict["cause"]["class"], "structure", verdict)
        self.assertIn("[8, 6] in A, [1, 6] in B", words_of(verdict["cause"]))

    def test_memory_format(self):
        origin = self.only_origin(self.compare("format"), "flags", "contiguous")
        self.assertIn("memory format", words_of(origin["cause"]))
        self.assertEqual(origin["again"], 1)

    def test_parameters_in_another_order_are_one_cause(self):
        origin = self.only_origin(self.compare("permutes"), "input_data", "(stack|_foreach_norm|norm)")
        self.assertIn("in another order", words_of(origin["cause"]))

    def test_a_resumed_run(self):
        verdict = self.compare("resumes")
        origin = self.only_origin(verdict, "extra_draw", "randn")
        self.assertEqual(origin["first"]["step"], 3, origin)
        self.assertIn("goes on at step 3 of run A", words_of(origin["cause"]))
        self.assert_noted(verdict, "aligned from there")

    def test_an_op_that_another_thread_ran(self):
        for _ in range(support.pairs(1)):
            verdict = self.compare("moves")
            self.assertEqual((verdict["verdict"], verdict["origin_count"]), ("same", 0), verdict)

    def test_alignment(self):
        self.record_way("shifts", 0, "a.h5")
        self.record_way("shifts", 1, "b.h5")
        verdict = self.diff()
        if verdict["verdict"] == "same":
            return  # this processor's kernels do not mind
        origin = self.only_origin(verdict, "alignment", "(mv|sum)")
        self.assertIn("a multiple of 64 bytes in A, of 4 in B", words_of(origin["cause"]))

    def test_a_tensor_that_a_pointer_filled(self):
        origin = self.only_origin(self.compare("fills"), "input_data", "(to|_to_copy)")
        self.assertEqual(origin["again"], 39)
        self.assertIn("through a pointer", words_of(origin["cause"]))
        self.assertNotIn("files", origin["cause"]["remedy"])

    def test_a_norm_that_threads_share(self):
        raced = [verdict for verdict in (self.compare("shares") for _ in range(10)) if verdict["verdict"] != "same"]
        self.assertTrue(raced, "no race in 10 pairs")
        for verdict in raced:
            self.assertEqual(verdict["cause"]["class"], "race", verdict)
            self.assertRegex(words_of(verdict["cause"]), "running_|num_batches_tracked")
            self.assertIn("eval()", verdict["cause"]["remedy"])
