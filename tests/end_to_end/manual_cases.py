# SPDX-License-Identifier: BSD-3-Clause
"""What the manual shows is what happens: the commands of the README and of docs/why.md, one after the other, and the
program of docs/recording.md."""

import os
import pathlib
import re
import shutil

import support

COMMAND = re.compile(r"^(?:\$ )?(reprorec .+)$", re.M)


def commands_of(page):
    text = (support.SOURCE / page).read_text()
    return [line for block in re.findall(r"^```\n(.*?)^```", text, re.M | re.S) for line in COMMAND.findall(block)]


class Cases(support.Case):
    def test_the_commands_of_the_readme(self):
        (self.folder / "train").symlink_to(self.sample("index_put_race"))
        environment = {"PATH": f"{support.build / 'bin'}:{os.environ['PATH']}",
                       "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")}
        commands = commands_of("README.md")
        self.assertGreaterEqual(len(commands), 6)
        for command in commands:
            if command.startswith("reprorec reexec"):  # it wants bytes, as the page says, and a difference
                self.record_a_race()
            done = self.run_words(["sh", "-c", command.replace("golden.h5", "a.h5")], environment)
            self.assertIn(done.status, (0, 1), (command, done))
        self.assertIn("aten::index_put_", (self.folder / "summary.md").read_text())

    def test_the_commands_of_the_page_on_runs_that_do_not_repeat(self):
        samples = support.SOURCE / "samples" / "python"
        shutil.copy(samples / "unseeded_numpy.py", self.folder / "train.py")
        shutil.copy(samples / "fingerprint.py", self.folder)
        python = pathlib.Path(self.python_of_torch()).parent
        environment = {"PATH": f"{python}:{support.build / 'bin'}:{os.environ['PATH']}"}
        done = [self.run_words(["sh", "-c", command], environment) for command in commands_of("docs/why.md")]
        self.assertEqual([outcome.status for outcome in done], [0, 0, 1], done)
        self.assertIn(b"cause stream", done[-1].out)
        self.assertIn(b"np.random.seed(n)", done[-1].out)

    def record_a_race(self):
        """Two runs of a race agree now and then."""
        for _ in range(5):
            for name in "a.h5", "b.h5":
                self.assertEqual(self.record(["./train"], name, ["-q", "-f", "--capture", "full"]).status, 0)
            if self.diff()["exit"] == 1:
                return

    def test_the_program_of_the_manual(self):
        bare = self.run_words([self.program("manual_1")])
        self.assertEqual((bare.status, bare.err), (0, b""), bare)
        recorded = self.record([self.program("manual_1")], options=["-q"])
        self.assertEqual(recorded.status, 0, recorded)
        losses = [float(line) for line in recorded.err.splitlines()]  # what its hook prints; its weights are unseeded
        self.assertEqual(len(losses), 3, recorded)
        self.assertEqual(self.assert_whole()["counts"]["steps"], 3)
        self.assertEqual(len(self.events("--kind", "watch")), 3)
        self.assertEqual(len(self.events("--kind", "layer", "--layer", "^Net(#0)?$")), 3)
