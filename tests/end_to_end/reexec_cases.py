# SPDX-License-Identifier: BSD-3-Clause
"""A recorded op, run again on its recorded inputs: what varies is proved, what repeats is repeated."""

import json

import support

RACE_ATTEMPTS = 10


class Cases(support.Case):
    def record_full(self, name, output="a.h5", arguments=()):
        outcome = self.record([self.sample(name), *arguments], output, ["-f", "--capture", "full"])
        self.assertEqual(outcome.status, 0, outcome)
        return outcome.out

    def record_race(self, name):
        first = self.record_full(name)
        for _ in range(RACE_ATTEMPTS - 1):
            if self.record_full(name, "b.h5") != first:
                return
        self.fail(f"{name} did not race in {RACE_ATTEMPTS} runs")

    def reexec(self, *words, status):
        outcome = self.tool("reexec", "--json", *words)
        self.assertEqual(outcome.status, status, outcome)
        return [json.loads(line) for line in outcome.out.splitlines()]

    def test_a_racing_op_is_proved_to_race(self):
        self.record_race("index_put_race")
        lines = self.reexec("a.h5", "b.h5", "-n", "40", status=1)
        self.assertEqual(lines[0]["op"], "aten::index_put_")
        findings = {line["conditions"]: line for line in lines if "results" in line}
        self.assertGreater(findings["as recorded"]["results"], 1, lines)
        self.assertEqual(findings["1 thread"]["results"], 1, lines)
        self.assertEqual(findings["deterministic"]["results"], 1, lines)

        text = self.tool("reexec", "a.h5", "b.h5", "-n", "40")
        self.assertEqual(text.status, 1, text)
        self.assertIn(b"different results in 40 runs on its recorded inputs", text.out)

        cause = self.json_of("diff", "--json", "--reexec", "40", "a.h5", "b.h5", status=1)["cause"]
        self.assertEqual((cause["class"], cause["confidence"]), ("nondeterministic_kernel", "proven"), cause)

    def test_a_result_that_only_other_conditions_give_is_evidence(self):
        self.record_full("thread_count")
        self.record_full("thread_count", "b.h5", ["3"])
        cause = self.json_of("diff", "--json", "--reexec", "5", "a.h5", "b.h5", status=1)["cause"]
        self.assertEqual((cause["class"], cause["confidence"]), ("threads", "proven"), cause)
        self.assertIn("A 5 of 5, B never; B 5 of 5 with: as recorded in B", cause["evidence"][-1]["sentence"])

    def test_ops_give_again_what_was_recorded(self):
        self.record_full("clean_cnn")
        ops = {}
        for event in self.events("--kind", "op"):
            if "verified" in event["flags"]:
                ops.setdefault((event["op"], event["phase"]), event)
        self.assertGreater(len(ops), 20)
        for event in ops.values():
            lines = self.reexec("a.h5", "--event", str(event["event"]), "-n", "2", "--as-recorded", status=0)
            recorded = next(line for line in lines if "results" in line)
            self.assertEqual(recorded["as_recorded"], [2], (event, lines))

    def test_what_cannot_be_run_again_is_one_line(self):
        self.record_race("custom_op_race")
        self.assert_one_line(self.tool("reexec", "a.h5", "b.h5"), 2, "has no op samples::bucket_sum")
        self.record([self.sample("clean_mlp")], "c.h5")
        hashed = next(event for event in self.events(path="c.h5") if "verified" in event["flags"] and event["in"])
        self.assert_one_line(self.tool("reexec", "c.h5", "--event", str(hashed["event"])), 2, "--capture full")
        self.assert_one_line(self.tool("reexec", "c.h5"), 2, "--event N")
        told = self.json_of("diff", "--json", "--reexec", "3", "a.h5", "b.h5", status=1)
        self.assertTrue(any("not run again" in note for note in told["notes"]), told["notes"])
