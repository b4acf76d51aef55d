#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs every row of the table in docs/ci/statuses.md.

Usage: statuses_test.py REPROREC BUILD_TRACE TABLE [unittest options]
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import h5py

reprorec, build_trace, table = (pathlib.Path(word) for word in sys.argv[1:4])

RUN = """
environment {"torch_version":"2.12.0"}
mul %x:f32[2]=(1,2) %w:f32[2]=(3,4) -> %m:f32[2]=(3,8)
relu %m -> %r:f32[2]=(3,8)
sum %r -> %s:f32[1]=(11)
"""
# A weight that is drawn, and overwritten before anything reads it.
DRAWN = """
seed cpu {0}
empty -> %w:f32[4]=*
uniform_ %w=*! -> %w={0}w | draw:cpu:{0}0:{0}1
copy_ %w*! %file:f32[4]=file -> %w=file
sum %w -> %s:f32[1]=s
"""
OTHER = RUN.replace("3,8", "3,9").replace("(11)", "(12)")

TRACES = {
    "golden": RUN,
    "same": RUN,
    "other": OTHER,
    "healed": RUN.replace("-> %m:f32[2]=(3,8)", "-> %m:f32[2]=(3,-8)"),
    "inserted": RUN.replace("relu %m", "abs %m -> %a:f32[2]=(3,8)\nrelu %a"),
    "torch": OTHER.replace("2.12.0", "2.13.0"),
    "drawn-a": DRAWN.format(1),
    "drawn-b": DRAWN.format(2),
    "bare": re.sub(r"\(3,8\)", "others", RUN),
    "no-events": "",
    "no-values-a": "optimizer",
    "no-values-b": "optimizer",
    "program": "sin %q:f64[7]=1 -> %q1:f64[7]=2\ncos %q1 -> %q2:f64[7]=3\ntan %q2 -> %q3:f64[8]=4",
    "killed": RUN + "incomplete signal 9",
    "drops": RUN + "drops 3",
    "children": RUN + "children 3",
    "children-other": OTHER + "children 3",
}
RULES = {
    "blank.txt": "# nothing here\n",
    "bad.txt": "# next line: no such key\nname=x ulp=1\n",
    "unused.txt": "op=aten::conv2d ulp=1\n",
    "all.txt": "op=.* ignore\n",
    "unused.map": "op aten::conv2d = my::conv\n",
}


def rows():
    """(situation, command, status, words) of each row."""
    for line in table.read_text().splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)]
        if len(cells) == 6 and cells[2].startswith("`"):
            yield cells[1], cells[2].strip("`"), int(cells[3]), cells[4]


class Statuses(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name, text in TRACES.items():
            subprocess.run([build_trace, self.folder / f"{name}.h5"], input=text.encode(), check=True)
        for name, text in RULES.items():
            (self.folder / name).write_text(text)
        self.damage()

    def damage(self):
        """What no program would write."""
        whole = (self.folder / "same.h5").read_bytes()
        (self.folder / "empty.h5").touch()
        (self.folder / "folder").mkdir()
        (self.folder / "text.h5").write_text("these are notes\n" * 100)
        (self.folder / "truncated.h5").write_bytes(whole[: len(whole) // 2])
        with h5py.File(self.folder / "same.h5") as file:
            place = file["values/fingerprint_low"].id.get_chunk_info(0).byte_offset
        flipped = bytearray(whole)
        flipped[place + 4] ^= 1
        (self.folder / "flipped.h5").write_bytes(flipped)
        (self.folder / "newer.h5").write_bytes(whole)
        with h5py.File(self.folder / "newer.h5", "r+") as file:
            file.attrs.modify("version_major", 99)
        (self.folder / "link.h5").symlink_to("golden.h5")

    def run_row(self, command):
        environment = {**os.environ, "PATH": f"{reprorec.parent}:{os.environ['PATH']}"}
        return subprocess.run(["sh", "-c", command], cwd=self.folder, env=environment, capture_output=True,
                              text=True)

    def test_every_row(self):
        all_rows = list(rows())
        self.assertGreaterEqual(len(all_rows), 40)
        for situation, command, status, words in all_rows:
            with self.subTest(situation):
                done = self.run_row(command)
                first = (done.stderr or done.stdout).splitlines()[0]
                print(f"{done.returncode:4}  {situation:40} {first[:110]}")
                self.assertEqual(done.returncode, status, done)
                self.assertIn(words, done.stdout + done.stderr)
                if status in (2, 125, 126, 127) and not done.stdout.startswith("not comparable"):
                    # One line, and no verdict but one that a report lacks.
                    self.assertEqual(len(done.stderr.splitlines()), 1, done)
                    self.assertTrue(done.stdout == "" or '"verdict":"trouble"' in done.stdout or
                                    situation.startswith("a report"), done)

    def test_no_flipped_bit_ends_as_a_verdict_of_its_own(self):
        whole = (self.folder / "same.h5").read_bytes()
        for place in range(0, len(whole), len(whole) // 60):
            flipped = bytearray(whole)
            flipped[place] ^= 0x10
            (self.folder / "flipped.h5").write_bytes(flipped)
            done = self.run_row("reprorec diff golden.h5 flipped.h5")
            if done.returncode == 0:  # not every byte of a file is read, or means anything
                self.assertTrue(done.stdout.startswith("same: 7 values compared in 3 "), (place, done))
            else:
                self.assertEqual(done.returncode, 2, (place, done))

    def test_the_rules_of_the_page_can_be_read(self):
        page = (table.parent / "tolerances.md").read_text()
        rules = re.search(r"## Rules\n\n```\n(.*?)```", page, re.S).group(1)
        self.assertEqual(len(rules.splitlines()), 6)
        (self.folder / "page.txt").write_text(rules)
        done = self.run_row("reprorec diff --rules page.txt golden.h5 same.h5")
        # They are read before the first of them, an index_put_, is missed in these runs.
        self.assertIn("page.txt:2: the rule applies to no value", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
