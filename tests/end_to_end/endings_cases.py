# SPDX-License-Identifier: BSD-3-Clause
"""Whoever dies, and however: the host is unharmed and what was recorded is readable."""

import os
import re
import resource
import signal

import support


def kernel():
    return tuple(int(number) for number in re.findall(r"\d+", os.uname().release)[:2])


class Cases(support.Case):
    def check_death_in_op(self, number):
        outcome = self.record([self.program("dies_in_op"), str(int(number))])
        self.assertEqual(outcome.status, 128 + number, outcome)
        header = self.info()["header"]
        self.assertEqual(header["ending"], f"signal {int(number)}", header)
        unfinished = [event["op"] for event in self.events("--nested") if "unfinished" in event["flags"]]
        self.assertEqual(unfinished, ["reprotest::perish"])

    def test_killed_in_an_op(self):
        self.check_death_in_op(signal.SIGKILL)

    def test_crashed_in_an_op(self):
        self.check_death_in_op(signal.SIGSEGV)

    def test_aborted_in_an_op(self):
        self.check_death_in_op(signal.SIGABRT)

    def test_host_killed_from_outside(self):
        process = self.start_waiting()
        os.kill(self.child_of(process), signal.SIGKILL)
        self.assertEqual(process.wait(60), 128 + signal.SIGKILL)
        info = self.info()
        self.assertEqual(info["header"]["ending"], "signal 9")
        self.assertGreaterEqual(info["counts"]["steps"], 3)

    def test_interrupted_from_the_terminal(self):
        process = self.start_waiting()
        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(60), 128 + signal.SIGINT)
        info = self.info()
        self.assertEqual(info["header"]["ending"], "signal 2")
        self.assertGreaterEqual(info["counts"]["steps"], 3)

    def test_terminated_by_a_scheduler(self):
        process = self.start_waiting()
        os.kill(process.pid, signal.SIGTERM)
        self.assertEqual(process.wait(60), 128 + signal.SIGTERM)
        self.assertGreaterEqual(self.info()["counts"]["steps"], 3)

    def test_killed_where_another_program_reaps_it(self):
        """`timeout` reaps the program; only the kernel can tell how it ended, and old ones do not."""
        outcome = self.record(["timeout", "-s", "INT", "3", self.program("waits"), "never"])
        self.assertEqual(outcome.status, 124, outcome)
        self.assertIn(self.info()["header"]["ending"], ["signal 2"] if kernel() >= (6, 15) else ["signal 2", "killed"])

    def test_what_the_program_left_running_is_recorded_until_a_signal_comes(self):
        script = f"{self.program('waits')} {self.folder / 'go'} & while [ ! -e over ]; do sleep 0.05; done"
        process = self.start(["sh", "-c", script])
        self.assertEqual(process.stdout.readline(), b"ready\n")
        (self.folder / "over").touch()
        self.assertIn(b"still recorded", process.stderr.readline())
        os.kill(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(60), 0)
        self.go_on()
        self.assertIn(b"final ", process.stdout.read())
        self.assertIn("stopped while the program went on", self.info()["header"]["ending"])

    def test_collector_killed(self):
        bare_go = self.folder / "go"
        process = self.start_waiting()
        host = self.child_of(process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
        self.go_on()
        rest = process.stdout.read()  # until the host has closed it, too
        self.assertFalse(os.path.exists(f"/proc/{host}") and not rest, rest)
        self.assertEqual(b"ready\n" + rest, self.run_words([self.program("waits"), str(bare_go)]).out)

    def test_disk_full(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))

        words = [self.program("big_tensors")]
        bare = self.run_words(words)
        recorded = self.record(words, options=["--capture", "full", "--ring", "1M"], preexec_fn=limit,
                               restore_signals=False)
        self.assertEqual((recorded.status, recorded.out), (0, bare.out), recorded)
        self.assertEqual(len(recorded.lines()), 1, recorded)
