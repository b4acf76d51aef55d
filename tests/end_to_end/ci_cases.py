# SPDX-License-Identifier: BSD-3-Clause
"""The workflows of docs/ci, step by step as they stand, on a repository with a program that can be recorded.

Only what the runner provides is a stand-in: the checkout, the container's PATH, and $GITHUB_STEP_SUMMARY.
"""

import json
import os
import re
import textwrap
import xml.etree.ElementTree as xml

import support

PAGES = support.SOURCE / "docs" / "ci"


def github_steps():
    """Each `run:` of the workflow, a line or a block."""
    text = (PAGES / "github-workflow.yml").read_text()
    for block, line in re.findall(r"^ +run: (?:\|\n((?: {10}.*\n|\n)+)|(.+)\n)", text, re.M):
        yield textwrap.dedent(block) or line


def gitlab_steps():
    """Each line of `script:`."""
    text = (PAGES / "gitlab-ci.yml").read_text()
    return re.findall(r"^    - (.+)$", text.split("  script:\n")[1].split("  artifacts:\n")[0], re.M)


def golden_steps():
    """The commands that make the golden trace, of the README."""
    section = (PAGES / "README.md").read_text().split("## Make the golden trace")[1]
    return re.search(r"```\n(.*?)```", section, re.S).group(1).splitlines()


class Cases(support.Case):
    def checkout(self, sample):
        """`make train` builds the program: here it is a sample that ignores its arguments."""
        (self.folder / "Makefile").write_text(f"train:\n\tln -sf {self.sample(sample)} train\n")

    def run_steps(self, steps):
        """As a runner does: a shell with -e for each, and the first that fails ends the job."""
        path = f"{support.build / 'bin'}:{os.environ['PATH']}"
        environment = {"PATH": path, "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")}
        outcome = None
        for step in steps:
            outcome = self.run_words(["sh", "-e", "-c", step], environment)
            if outcome.status != 0:
                break
        return outcome

    def job(self, sample, steps, golden=None):
        self.checkout(golden or sample)
        made = self.run_steps(["make train", *golden_steps()])
        self.assertEqual(made.status, 0, made)
        self.checkout(sample)
        (self.folder / "train").unlink()
        steps = list(steps)
        self.assertGreaterEqual(len(steps), 3)
        return self.run_steps(steps)

    def racing_job(self, steps):
        """Two runs of a race agree now and then."""
        steps = list(steps)
        for _ in range(5):
            (self.folder / "golden.h5").unlink(missing_ok=True)
            (self.folder / "run.h5").unlink(missing_ok=True)
            outcome = self.job("index_put_race", steps)
            if outcome.status != 0:
                break
        return outcome

    def verdict_case(self):
        return xml.parse(self.folder / "reprorec.xml").getroot().find("testsuite/testcase[@name='verdict']")

    def test_github_passes(self):
        outcome = self.job("clean_mlp", github_steps())
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn("### ✅ reprorec: same", (self.folder / "summary.md").read_text())
        self.assertIn(b"::notice title=reprorec%3A same::", outcome.err)
        self.assertIsNone(self.verdict_case().find("failure"))

    def test_github_fails_with_the_cause(self):
        outcome = self.racing_job(github_steps())
        self.assertEqual(outcome.status, 1, outcome)
        summary = (self.folder / "summary.md").read_text()
        self.assertIn("### ❌ reprorec: diverged", summary)
        self.assertIn("`aten::index_put_`", summary)
        self.assertIn(b"::error ", outcome.err)
        self.assertEqual(self.verdict_case().find("failure").get("type"), "nondeterministic_kernel")
        self.assertIn("</html>", (self.folder / "reprorec.html").read_text())

    def test_github_tells_another_program(self):
        outcome = self.job("clean_lstm", github_steps(), golden="clean_mlp")
        self.assertEqual(outcome.status, 3, outcome)
        self.assertEqual(self.verdict_case().find("error").get("type"), "not_comparable")

    def test_github_tells_a_missing_golden_trace(self):
        self.checkout("clean_mlp")
        outcome = self.run_steps(github_steps())
        self.assertEqual(outcome.status, 2, outcome)
        self.assertEqual(self.verdict_case().find("error").get("type"), "trouble")
        self.assertIn("golden.h5", (self.folder / "summary.md").read_text())

    def test_gitlab_passes(self):
        outcome = self.job("clean_mlp", gitlab_steps())
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn("reprorec: same", (self.folder / "reprorec.md").read_text())

    def test_gitlab_fails_with_the_cause(self):
        outcome = self.racing_job(gitlab_steps())
        self.assertEqual(outcome.status, 1, outcome)
        self.assertEqual(self.verdict_case().find("failure").get("type"), "nondeterministic_kernel")

    def test_a_tolerance_excuses_another_instruction_set(self):
        """A whole training, recorded as the page says: gradients, expanded tensors and states have their bytes, too."""
        for program in self.program("dcgan"), self.sample("gather_backward_race"):
            for output, isa in ("a.h5", "default"), ("b.h5", "avx2"):
                recorded = self.record([program], output, ["-f", "-q", "--capture", "full"],
                                       {"ATEN_CPU_CAPABILITY": isa})
                self.assertEqual(recorded.status, 0, recorded)
            for options, status in (["--rtol", "1e-2", "--atol", "1e-3"], 0), (["--rtol", "1e-9"], 1), ([], 1):
                verdict = self.json_of("diff", "--json", *options, "a.h5", "b.h5", status=status)
                if options:
                    self.assertEqual(verdict["tolerance"]["without_bytes"], 0, verdict["notes"])
                if status == 0:
                    self.assertGreater(verdict["tolerance"]["within"], 0)

    def test_a_tolerance_of_nothing_changes_nothing(self):
        for sample in "index_put_race", "two_causes", "extra_draw", "clean_mlp":
            for output in "a.h5", "b.h5":
                self.assertEqual(self.record([self.sample(sample)], output, ["-f", "-q"]).status, 0)
            verdicts = []
            for options in [], ["--ulp", "0"]:
                verdict = json.loads(self.tool("diff", "--json", *options, "a.h5", "b.h5").out)
                verdicts.append({key: verdict[key] for key in verdict if key not in ("tolerance", "notes")})
            self.assertEqual(*verdicts)
