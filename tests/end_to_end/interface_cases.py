# SPDX-License-Identifier: BSD-3-Clause
"""What reprorec says, where, and when it keeps silent."""

import os
import pty
import subprocess

import support


class Cases(support.Case):
    def test_last_line_is_the_next_command(self):
        outcome = self.record([self.sample("clean_mlp")], "first.h5")
        self.assertEqual(outcome.lines()[-1], "reprorec: next: reprorec diff first.h5 OTHER.h5")
        self.assertTrue(outcome.out.startswith(b"final "), outcome)

    def test_quiet_says_nothing(self):
        outcome = self.record([self.sample("clean_mlp")], options=["-q"])
        self.assertEqual((outcome.status, outcome.err), (0, b""), outcome)

    def test_no_progress_in_a_pipe(self):
        outcome = self.record([self.program("big_tensors")])
        self.assertNotIn(b"\r", outcome.err)
        self.assertNotIn(b"\x1b", outcome.err)

    def test_progress_on_a_terminal(self):
        master, terminal = pty.openpty()
        process = subprocess.Popen(
            self.record_words([self.program("waits"), str(self.folder / "go")], "a.h5"), cwd=self.folder,
            env=self.environment(), stdout=subprocess.PIPE, stderr=terminal)
        os.close(terminal)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        seen = b""
        while b"events/s" not in seen:
            seen += os.read(master, 4096)
        self.assertIn(b"\r", seen)
        self.go_on()
        while True:
            try:
                seen += os.read(master, 4096)
            except OSError:  # the terminal's other end is closed
                break
        self.assertEqual(process.wait(60), 0)
        process.stdout.close()
        os.close(master)
        self.assertIn(b"reprorec: next: ", seen)

    def test_record_is_the_default_verb(self):
        for words in (["-o", "a.h5", self.sample("clean_mlp")],
                      ["record", "-o", "b.h5", "--", self.sample("clean_mlp")]):
            self.assertEqual(self.tool(*words).status, 0)
        self.assert_same()

    def test_default_name(self):
        self.assertEqual(self.tool(self.sample("clean_mlp")).status, 0)
        self.assertRegex(" ".join(path.name for path in self.folder.iterdir()), r"^clean_mlp-[0-9]+\.h5$")

    def test_options_after_the_program_are_its_own(self):
        outcome = self.tool("-o", "a.h5", self.sample("argument_changed"), "--eps", "1e-3")
        bare = self.run_words([self.sample("argument_changed"), "--eps", "1e-3"])
        self.assertEqual((outcome.status, outcome.out), (0, bare.out))

    def test_help_teaches(self):
        outcome = self.tool("record", "--help")
        self.assertEqual((outcome.status, outcome.err), (0, b""), outcome)
        text = outcome.out.decode()
        for word in ("--capture", "--verify-inputs", "--seed", "--deterministic", "--threads", "--ring",
                     "--output", "--quiet", "Example"):
            self.assertIn(word, text)
        self.assertTrue(all(len(line) <= 100 for line in text.splitlines()), text)

    def test_help_names_every_verb(self):
        text = self.tool("--help").out.decode()
        for verb in ("record", "diff", "info", "ls", "show", "dump", "env-diff", "doctor", "verify",
                     "recover", "lines", "symbolize", "reexec", "view"):
            self.assertIn(verb, text)

    def test_seed_makes_the_unseeded_repeat(self):
        # It seeds after the recorder, from the machine: only the controls' own draw is ours to set.
        for output in "a.h5", "b.h5":
            outcome = self.record([self.sample("clean_mlp")], output, ["--seed", "7", "--threads", "1"])
            self.assertEqual(outcome.status, 0, outcome)
        self.assert_same()

    def test_layers_bytes_can_be_dumped(self):
        self.assertEqual(self.record([self.sample("clean_mlp")], options=["--capture", "full"]).status, 0)
        event = self.events("--op", "^aten::addmm$")[0]["event"]
        outcome = self.tool("dump", "a.h5", "--event", str(event), "--slot", "out0", "-o", "out.npy")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual((self.folder / "out.npy").read_bytes()[:6], b"\x93NUMPY")

    def test_filters_choose_whose_bytes_are_kept(self):
        def kept(*filters):
            recorded = self.record([self.sample("clean_mlp")], options=["-f", "--capture", "full", *filters])
            self.assertEqual(recorded.status, 0, recorded)
            return self.info()["counts"]["payload_bytes"]

        some = kept("--filter-op", "^aten::addmm$", "--filter-steps", "..0")
        for event in self.events("--filter", "op:addmm kind:op step:0"):
            tensors = self.json_of("show", "a.h5", "--event", str(event["event"]), "--json")["tensors"]
            self.assertTrue(all(tensor["bytes"] for tensor in tensors), tensors)
        self.assertTrue(0 < some < kept("--filter-op", "^aten::addmm$"), some)
        self.assertGreater(kept("--filter-layer", r"^Sequential\.0$"), 0)
        self.assertEqual(kept("--filter-op", "^aten::addmm$", "--filter-layer", "^Other"), 0)

    def test_verify_finds_it_intact(self):
        self.assertEqual(self.record([self.sample("clean_cnn")], options=["--capture", "full"]).status, 0)
        self.assertEqual(self.tool("verify", "a.h5").status, 0)

    def test_options_take_one_value_and_leave_the_program(self):
        script = self.folder / "say"
        script.write_text("#!/bin/sh\necho $A $B $1\n")
        script.chmod(0o755)
        said = self.run_words([self.reprorec, "--env", "A=1", "--env", "B=2", "./say", "C=3"])
        self.assertEqual(said.out, b"1 2 C=3\n", said)

    def test_env_diff(self):
        for output, value in ("a.h5", "1"), ("b.h5", "2"):
            outcome = self.record([self.sample("clean_mlp")], output, ["--threads", value])
            self.assertEqual(outcome.status, 0, outcome)
        report = self.json_of("env-diff", "--json", "a.h5", "b.h5", status=1)
        self.assertTrue(any("THREADS" in item["key"] or "threads" in item["key"]
                            for item in report["differences"]), report)

    def test_the_environment_names_the_commit_and_what_was_imposed(self):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
        (self.folder / "code").write_text("1")
        for words in ["init", "-q"], ["add", "code"], [*identity, "commit", "-q", "-m", "first"]:
            self.assertEqual(self.run_words(["git", *words]).status, 0)
        commit = self.run_words(["git", "rev-parse", "HEAD"]).out.decode().strip()
        (self.folder / "code").write_text("2")
        options = ["--seed", "7", "--deterministic=warn", "--threads", "1"]
        self.assertEqual(self.record([self.sample("clean_mlp")], options=options).status, 0)
        environment = self.info()["environment"]
        self.assertEqual((environment["git_commit"], environment["git_dirty"]), (commit, True))
        tree = self.run_words(["git", "rev-parse", "HEAD^{tree}"]).out.decode().strip()
        self.assertRegex(environment["git_sources"], f"^{tree}\\+[0-9a-f]{{40}}$")
        self.assertEqual(environment["controls"], {"seed": 7, "deterministic": "warn", "threads": 1})

    def test_doctor_on_a_good_program(self):
        outcome = self.tool("doctor", self.sample("clean_mlp"))
        self.assertEqual(outcome.status, 0, outcome)
        self.assertRegex(outcome.out, rb"(?m)^ok +recorders for LibTorch \d")
        self.assertRegex(outcome.out, rb"(?m)^ok +reexec for LibTorch \d")

    def test_a_new_result_of_an_op_that_writes_too_is_read(self):
        """batch_norm returns a tensor and writes its running statistics, which its schema does not tell."""
        self.record([self.sample("clean_cnn")])
        event = next(event for event in self.events() if event["op"] == "aten::batch_norm")
        shown = self.json_of("show", "--json", "a.h5", "--event", str(event["event"]))
        flags = {tensor["slot"]: tensor["flags"] for tensor in shown["tensors"]}
        self.assertEqual(flags["out0"], ["verified"], shown["tensors"])
        self.assertIn("written", flags["arg3"])
