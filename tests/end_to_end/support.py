# SPDX-License-Identifier: BSD-3-Clause
"""What the end-to-end cases share: where things are, how to record, what must hold of a recording."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
EXPECTED = json.loads((SOURCE / "samples" / "expected.json").read_text())

build = pathlib.Path()
torch_version = ""
stressed = False


def pairs(usual):
    """How many pairs of runs a case records where chance plays; REPROREC_PAIRS asks for more (scripts/pairs.sh)."""
    return int(os.environ.get("REPROREC_PAIRS", 1 if stressed else usual))


def configure(build_folder, version, under_stress):
    global build, torch_version, stressed
    build, torch_version, stressed = pathlib.Path(build_folder), version, under_stress


class Outcome:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def lines(self):
        """What reprorec itself said on stderr."""
        return [line for line in self.err.decode(errors="replace").splitlines() if line.startswith("reprorec")]

    def __repr__(self):
        return f"status {self.status}\nstdout: {self.out!r}\nstderr: {self.err.decode(errors='replace')}"


class Case(unittest.TestCase):
    """Each case has a folder of its own, self.folder, and runs everything in it."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reprorec-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    reprorec = property(lambda self: str(build / "bin" / "reprorec"))

    def sample(self, name):
        return str(build / f"torch-{torch_version}" / "samples" / name)

    def program(self, name):
        return str(build / f"torch-{torch_version}" / "programs" / name)

    def environment(self, extra=None):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("REPROREC")}
        # Without it the oneDNN of a loaded machine may choose another kernel for another thread count.
        environment["OMP_NUM_THREADS"] = "4" if stressed else "2"
        if stressed:
            environment["REPROREC_TEST_DELAY_US"] = "300"
        return {**environment, **(extra or {})}

    def python_of_torch(self):
        """The Python that has this LibTorch as a package; skips the case where there is none."""
        versions = SOURCE.glob(".venv/lib/python3*/site-packages/torch/version.py")
        if not any(f"'{torch_version}." in path.read_text() for path in versions):
            self.skipTest("no Python package of this LibTorch")
        return str(SOURCE / ".venv" / "bin" / "python3")

    def run_words(self, words, env=None, **options):
        done = subprocess.run(words, cwd=self.folder, env=self.environment(env), capture_output=True,
                              timeout=240, stdin=subprocess.DEVNULL, **options)
        status = done.returncode if done.returncode >= 0 else 128 - done.returncode
        return Outcome(status, done.stdout, done.stderr)

    def record_words(self, words, output, options=()):
        ring = ["--ring", "1M"] if stressed else []
        return [self.reprorec, "-o", output, *ring, *options, "--", *words]

    def record(self, words, output="a.h5", options=(), env=None, **more):
        return self.run_words(self.record_words(words, output, options), env, **more)

    def tool(self, *words):
        return self.run_words([self.reprorec, *words])

    def json_of(self, *words, status=0):
        outcome = self.tool(*words)
        self.assertEqual(outcome.status, status, outcome)
        return json.loads(outcome.out)

    def info(self, path="a.h5"):
        return self.json_of("info", "--json", path)

    def events(self, *options, path="a.h5"):
        outcome = self.tool("ls", "--json", *options, path)
        self.assertEqual(outcome.status, 0, outcome)
        return [json.loads(line) for line in outcome.out.splitlines()]

    def diff(self, a="a.h5", b="b.h5"):
        outcome = self.tool("diff", "--json", a, b)
        verdict = json.loads(outcome.out)
        self.assertEqual(outcome.status, verdict["exit"], outcome)
        return verdict

    def assert_whole(self, path="a.h5"):
        """The recording ended in good order and lost nothing."""
        info = self.info(path)
        header = info["header"]
        self.assertTrue(header["complete"], header)
        self.assertEqual((header["gaps"], header["drops"]), (0, 0), header)
        self.assertGreater(info["counts"]["events"], 0)
        return info

    def assert_same(self, a="a.h5", b="b.h5"):
        verdict = self.diff(a, b)
        self.assertEqual((verdict["verdict"], verdict["exit"]), ("same", 0), verdict)
        coverage = verdict["coverage"]
        self.assertGreater(coverage["values_compared"], 0, coverage)
        self.assertEqual(coverage["matched"], coverage["events_a"], coverage)
        return verdict

    def assert_unharmed(self, words, status=0, output="a.h5", options=(), env=None):
        """Recorded, the program prints the same bytes and ends with the same status as bare."""
        bare = self.run_words(words, env)
        recorded = self.record(words, output, ["-q", *options], env)
        self.assertEqual(bare.status, status, bare)
        self.assertEqual(recorded.status, status, recorded)
        self.assertEqual(recorded.out, bare.out)
        self.assertEqual(recorded.err, bare.err)
        return recorded

    def assert_one_line(self, outcome, status, *words):
        """One line on stderr that says what is wrong and what to do about it."""
        self.assertEqual(outcome.status, status, outcome)
        self.assertEqual(len(outcome.err.splitlines()), 1, outcome)
        line = outcome.err.decode()
        self.assertTrue(line.startswith("reprorec: "), outcome)
        for word in words:
            self.assertIn(word, line)

    def start(self, words, output="a.h5", options=()):
        """Begins to record; leads a process group."""
        process = subprocess.Popen(self.record_words(words, output, options), cwd=self.folder,
                                   env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   start_new_session=True)
        self.addCleanup(self.end_group, process)
        return process

    def start_waiting(self, options=(), output="a.h5", before=()):
        """A recorded program that waits, half done, until self.go_on(); `before`: words in front of it."""
        process = self.start([*before, self.program("waits"), str(self.folder / "go")], output, options)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        return process

    def go_on(self):
        (self.folder / "go").touch()

    def end_group(self, process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.stdout.close()
        process.stderr.close()

    def child_of(self, process):
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return int(children[0])
