# SPDX-License-Identifier: BSD-3-Clause
"""The package `reprorec`, by which a script speaks to the recorder, and its plug-in for pytest."""

import os

import support

PACKAGE = support.SOURCE / "include" / "python"

SCRIPT = """
import reprorec{first}
import torch{second}
print(reprorec.active())
for number in range(2):
    reprorec.step(number)
    result = torch.ones(3) * number
    reprorec.watch("result", result)
    with reprorec.pause():
        torch.zeros(5)
for wrong in (lambda: reprorec.watch("text", "text"), lambda: reprorec.step(-1)):
    try:
        wrong()
    except (TypeError, ValueError) as error:
        print(error)
"""

TESTS = """
import pytest, torch

@pytest.mark.reproducible
def test_seeded():
    torch.manual_seed(1)
    assert torch.randn(3).shape == (3,)

@pytest.mark.reproducible
def test_unseeded():
    assert torch.randn(3).shape == (3,)

@pytest.mark.reproducible(golden="ones.h5")
def test_golden():
    torch.ones(3) * FACTOR

@pytest.mark.reproducible
def test_fails():
    assert torch.ones(3).sum() == 4

def test_plain():
    torch.randn(3)
"""


class Cases(support.Case):
    def package(self):
        return {"PYTHONPATH": str(PACKAGE), "PATH": f"{support.build / 'bin'}:{os.environ['PATH']}"}

    def test_a_script_marks_its_steps_and_watches_its_tensors(self):
        script = self.folder / "marks.py"
        for first, second in (("", ""), ("\nimport torch.nn", "")):
            script.write_text(SCRIPT.format(first=first, second=second))
            words = [self.python_of_torch(), str(script)]
            bare = self.run_words(words, env=self.package())
            recorded = self.record(words, "a.h5", ["-q", "-f"], env=self.package())
            self.assertEqual((bare.status, recorded.status), (0, 0), recorded)
            self.assertEqual(recorded.out, bare.out.replace(b"False", b"True"))
            self.assertIn(b"reprorec.watch: text is a str, not a tensor\nreprorec.step: -1 is negative", bare.out)
            watched = self.events("--filter", "kind:watch")
            self.assertEqual([event["step"] for event in watched], [0, 1], watched)
            self.assertNotIn("aten::zeros", [event["op"] for event in self.events()])

    def pytest(self, *options):
        words = [self.python_of_torch(), "-m", "pytest", "-p", "reprorec.pytest_plugin", "-p", "no:cacheprovider", *options,
                 "test_repeats.py"]
        return self.run_words(words, env=self.package())

    def test_pytest_fails_what_does_not_repeat(self):
        tests = self.folder / "test_repeats.py"
        tests.write_text(TESTS.replace("FACTOR", "2"))
        update = self.pytest("--reprorec-update", "-k", "golden")
        self.assertEqual(update.status, 0, update)
        outcome = self.pytest()
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn(b"2 failed, 3 passed", outcome.out)
        self.assertIn(b"diverged: first at aten::randn", outcome.out)
        self.assertIn(b"the test failed while it was recorded", outcome.out)
        tests.write_text(TESTS.replace("FACTOR", "3"))
        outcome = self.pytest("-k", "golden or plain")
        self.assertIn(b"1 failed, 1 passed", outcome.out)
        self.assertIn(b"diverged: first at aten::mul", outcome.out)
        (self.folder / "ones.h5").unlink()
        self.assertIn(b"no such golden trace; make it with --reprorec-update", self.pytest("-k", "golden").out)
        outcome = self.pytest("--reprorec", "-k", "plain")
        self.assertIn(b"diverged: first at aten::randn", outcome.out)
