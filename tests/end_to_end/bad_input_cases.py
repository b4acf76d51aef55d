# SPDX-License-Identifier: BSD-3-Clause
"""Each mistake gets one clear line on stderr, with the remedy, and the promised status."""

import os
import shutil
import unittest

import support


class Cases(support.Case):
    def refused(self, words, status, *text, options=(), output="a.h5"):
        outcome = self.record(words, output, options)
        self.assert_one_line(outcome, status, *text)
        return outcome

    def record_mlp(self, output="a.h5"):
        self.assertEqual(self.record([self.sample("clean_mlp")], output).status, 0)

    def test_missing_program(self):
        self.refused(["./missing"], 127, "./missing", "check the path")

    def test_name_that_is_not_in_path(self):
        self.refused(["no-such-program"], 127, "no-such-program", "PATH")

    def test_folder(self):
        self.refused([str(self.folder)], 126, "is a folder")

    def test_script_without_x_bit(self):
        script = self.folder / "run.sh"
        script.write_text("#!/bin/sh\n")
        self.refused(["./run.sh"], 126, "chmod +x ./run.sh")

    def test_program_without_libtorch(self):
        outcome = self.refused([self.program("no_torch")], 0, "loaded no LibTorch", "reprorec doctor")
        self.assertEqual(outcome.out, b"hello\n")
        self.refused([self.program("no_torch")], 125, "loaded no LibTorch", options=["--must-record"])

    def test_thread_sanitizer(self):
        program = str(support.build / "bin" / "tsan_program")
        bare = self.run_words([program])
        outcome = self.refused([program], bare.status, "ThreadSanitizer", "without it")
        self.assertEqual(outcome.out, bare.out)
        self.refused([program], 125, "ThreadSanitizer", options=["--must-record"])

    def test_static_program(self):
        outcome = self.refused([self.program("static_program")], 125, "statically linked", "link it")
        self.assertEqual(outcome.out, b"")

    @unittest.skipUnless(os.geteuid() == 0, "only root can give a file away")
    def test_setuid_program(self):
        program = self.folder / "setuid"
        shutil.copy(self.program("exits_seven"), program)
        os.chown(program, 65534, 65534)
        program.chmod(0o4755)
        self.refused([str(program)], 125, "set-uid", "record a copy")

    def test_unknown_libtorch(self):
        # An installation that has recorder libraries for other versions only.
        libraries = self.folder / "lib" / "reprorec"
        libraries.mkdir(parents=True)
        (self.folder / "bin").mkdir()
        shutil.copy(self.reprorec, self.folder / "bin")
        shutil.copy(support.build / "lib" / "reprorec" / "librepro_preload.so", libraries)
        words = [self.program("exits_seven")]
        outcome = self.run_words([str(self.folder / "bin" / "reprorec"), "-o", "a.h5", *words])
        bare = self.run_words(words)
        self.assertEqual((outcome.status, outcome.out), (7, bare.out), outcome)
        text = outcome.err.decode()
        self.assertIn(support.torch_version, text)
        self.assertIn("-DREPROREC_TORCH=", text)

    def test_output_below_a_file(self):
        (self.folder / "file").touch()
        self.refused([self.sample("clean_mlp")], 125, "cannot write", "-o", output="file/a.h5")

    def test_output_is_a_folder(self):
        self.refused([self.sample("clean_mlp")], 125, "is a folder", "-o", output=str(self.folder))

    def test_existing_output(self):
        self.record_mlp()
        before = (self.folder / "a.h5").read_bytes()
        self.refused([self.sample("clean_mlp")], 125, "exists", "-f")
        self.assertEqual((self.folder / "a.h5").read_bytes(), before)
        self.assertEqual(self.record([self.sample("clean_mlp")], options=["-f"]).status, 0)

    def test_nothing_is_overwritten_but_a_trace(self):
        self.record_mlp("trace.h5")
        os.mkfifo(self.folder / "pipe")
        (self.folder / "notes").write_text("notes")
        (self.folder / "link").symlink_to("notes")
        (self.folder / "device").symlink_to("/dev/full")
        for output, words in {"pipe": "is a pipe", "/dev/null": "is a device", "device": "/dev/full: is a device",
                              "notes": "is no trace", "link": "notes: is no trace"}.items():
            with self.subTest(output):
                outcome = self.refused([self.sample("clean_mlp")], 125, words, options=["-f"], output=output)
                self.assertEqual(outcome.out, b"")
        self.assertEqual((self.folder / "notes").read_text(), "notes")
        self.assertEqual(len(list(self.folder.iterdir())), 5)

    def test_a_link_is_followed(self):
        (self.folder / "far").mkdir()
        (self.folder / "a.h5").symlink_to("far/trace.h5")
        self.record_mlp()
        self.assertTrue((self.folder / "a.h5").is_symlink())
        self.assertEqual(self.tool("verify", "far/trace.h5").status, 0)

    def test_an_old_trace_is_not_taken_for_that_of_a_run_that_left_none(self):
        self.record_mlp()
        self.assertEqual(self.record([self.program("no_torch")], options=["-f"]).status, 0)
        self.assertFalse((self.folder / "a.h5").exists())

    def test_filter_that_matches_nothing(self):
        options = ["-f", "--capture", "full", "--filter-op", "^nil$"]
        self.assertEqual(self.record([self.sample("clean_mlp")], options=options).status, 0)
        outcome = self.record([self.sample("clean_mlp")], options=["--must-record", *options])
        self.assertEqual(outcome.status, 125, outcome)
        self.assertEqual(len([line for line in outcome.lines() if "matched no tensor" in line]), 1, outcome)
        self.assert_one_line(self.tool("ls", "a.h5", "--op", "^nil$"), 2, "no event passes")

    def test_filter_that_is_no_expression(self):
        self.refused([self.sample("clean_mlp")], 125, "not a regular expression",
                     options=["--capture", "full", "--filter-op", "("])

    def test_damaged_traces(self):
        self.record_mlp()
        whole = (self.folder / "a.h5").read_bytes()
        middle = len(whole) // 2
        for name, contents in (("empty", b""), ("text", b"not a trace at all\n" * 50),
                               ("truncated", whole[:middle]), ("cut", whole[:-8])):
            (self.folder / name).write_bytes(contents)
            with self.subTest(name=name):
                self.assert_one_line(self.tool("diff", "a.h5", name), 2, name)
                self.assert_one_line(self.tool("verify", name), 2, name)

    def test_missing_trace(self):
        self.record_mlp()
        self.assert_one_line(self.tool("diff", "a.h5", "b.h5"), 2, "b.h5")

    def test_trace_with_itself(self):
        self.record_mlp()
        self.assert_one_line(self.tool("diff", "a.h5", "a.h5"), 2, "same file", "twice")

    def test_traces_of_different_programs(self):
        self.record_mlp()
        self.assertEqual(self.record([self.sample("clean_lstm")], "b.h5").status, 0)
        verdict = self.diff()
        self.assertEqual((verdict["verdict"], verdict["exit"]), ("not_comparable", 3), verdict)
        self.assertEqual(self.tool("diff", "a.h5", "b.h5").status, 3)
