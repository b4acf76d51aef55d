#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Every command that the manual shows can be typed: its verb and its options exist.

Usage: documents_test.py REPROREC REPROVIEW SOURCE_FOLDER [unittest options]

End-to-end cases run those of the README; here is what needs no recording.
"""

import pathlib
import re
import shlex
import subprocess
import sys
import unittest

reprorec, reproview, source = (pathlib.Path(word) for word in sys.argv[1:4])
PAGES = [source / "README.md", source / "samples" / "README.md",
         *(page for page in sorted((source / "docs").rglob("*")) if page.suffix in (".md", ".yml"))]
COMMAND = re.compile(r"(?:^(?: {4})?|[`$] ?|: )(repro(?:rec|view) [^`\n]*)", re.M)


def commands():
    """(page, words) of each, without what a shell makes of it: pipes, redirections, comments."""
    for page in PAGES:
        if page.name == "statuses.md":  # it shows what goes wrong, and has a test of its own
            continue
        for text in COMMAND.findall(re.sub(r"\\\|", "|", page.read_text())):
            words = shlex.split(re.split(r"[|>&;#]", text)[0])
            yield page.relative_to(source), words


def help_of(*words):
    return subprocess.run([*words, "--help"], capture_output=True, text=True, check=True).stdout


class Documents(unittest.TestCase):
    def test_every_command_can_be_typed(self):
        verbs = re.findall(r"^  ([a-z-]+) ", help_of(reprorec).split("\nExample:")[0].split("Verbs:")[1], re.M)
        texts = {"reproview": help_of(reproview), **{verb: help_of(reprorec, verb) for verb in verbs}}
        count = 0
        for page, (program, *rest) in commands():
            with self.subTest(page=str(page), command=" ".join([program, *rest])):
                verb = program if program == "reproview" else next(iter(set(rest[:1]) & set(verbs)), "record")
                options = self.own_options(verb, rest)
                if verb == "record":
                    self.assertTrue(options or any("./" in word for word in rest), "no verb, no program")
                for option in options:
                    self.assertRegex(texts[verb], rf"(?m)(?:^|[ ,]){re.escape(option)}(?![\w-])")
                count += 1
        self.assertGreater(count, 40)

    @staticmethod
    def own_options(verb, rest):
        """Those before the program; a program's own options are its own."""
        own = []
        for word in rest:
            if word == "--" or (verb == "record" and word.startswith("./")):
                break
            if word.startswith("-") and word not in ("-", "--version"):
                own.append(word.split("=")[0])
        return own


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
