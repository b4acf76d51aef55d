# SPDX-License-Identifier: BSD-3-Clause
"""Runs that were cut off, compared with a whole one: each row of their table in docs/ci/statuses.md."""

import os
import re
import signal

import support

PAGE = support.SOURCE / "docs" / "ci" / "statuses.md"


def rows():
    """(run B, status, words) of each."""
    section = PAGE.read_text().split("## Runs that were cut off")[1]
    found = re.findall(r"^\| (?!run B)(.+?) \| (\d) \| (.+?) \|$", section, re.M)
    return [(run, status, words.replace(" N ", r" \d+ ")) for run, status, words in found]


class Cases(support.Case):
    def setUp(self):
        super().setUp()
        self.waits = {
            "stopped with Ctrl-C": lambda: self.end_waiting(signal.SIGINT),
            "terminated by a scheduler": lambda: self.end_waiting(signal.SIGTERM),
            "killed between two ops": lambda: self.end_waiting(signal.SIGKILL),
            "stopped by `timeout -s INT`": self.end_by_timeout,
        }
        self.dies = {
            "killed in an op": ["9"],
            "crashed in an op": ["11"],
            "aborted in an op": ["6"],
            "ended by an exception, out of memory": ["memory"],
            "killed, and its numbers differ before": ["9", "12"],
        }

    def end_waiting(self, number):
        process = self.start_waiting(output="b.h5")
        os.killpg(process.pid, number) if number == signal.SIGINT else os.kill(self.child_of(process), number)
        self.assertEqual(process.wait(60), 128 + number)

    def end_by_timeout(self):
        """Its alarm comes once the program is half done, however busy the machine is."""
        process = self.start_waiting(output="b.h5", before=["timeout", "-s", "INT", "600"])
        os.kill(self.child_of(process), signal.SIGALRM)
        self.assertEqual(process.wait(60), 124)

    def check(self, name, status, words):
        said = self.tool("diff", "-q", "a.h5", "b.h5")
        self.assertEqual(said.status, status, (name, said))
        self.assertRegex(said.out.decode(), words, name)
        verdict = self.diff()
        self.assertEqual(bool(verdict["origins"]), status == 1, verdict)
        if status == 3:
            self.assertIn(verdict["reason"], said.out.decode())
            self.assertGreater(verdict["coverage"]["values_compared"], 100)
        (self.folder / "b.h5").unlink()

    def check_all(self, ends):
        known = {name: (int(status), words) for name, status, words in rows()}
        self.assertLessEqual(set(ends), set(known))
        for name, end in ends.items():
            for _ in range(support.pairs(1)):
                end()
                self.check(name, *known[name])

    def test_a_run_that_is_ended_from_outside(self):
        process = self.start_waiting()
        self.go_on()
        self.assertEqual(process.wait(60), 0)
        (self.folder / "go").unlink()
        self.check_all(self.waits)

    def test_a_run_that_dies_in_an_op(self):
        self.assertEqual(self.record([self.program("dies_in_op"), "0"]).status, 0)
        self.check_all({name: lambda how=how: self.record([self.program("dies_in_op"), *how], "b.h5")
                        for name, how in self.dies.items()})

    def test_every_row_is_run(self):
        self.assertEqual({row[0] for row in rows()}, set(self.waits) | set(self.dies))
