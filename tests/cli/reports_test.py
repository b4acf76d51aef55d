#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The reports of `reprorec diff`, read by parsers of their formats.

Usage: reports_test.py REPROREC BUILD_TRACE [unittest options]
"""

import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

reprorec, build_trace = sys.argv[1:3]

# What markup, a terminal and a runner could take for their own, in names of the recorded program.
NASTY = "a|b`c``d<script>e&f\"g'h]]>i%0Aj::error::k\x1b[31ml\x01m[n](o)*p*_q_\xe9"
RUN = """
step 3
layer {layer} EmbeddingImpl
put_ %x:f32[2]=(0,0)! -> %x={first} | alerted site:train.cpp:42
end
neg %x -> %y:f32[2]={second}
put_ %z:f32[1]=(0)! -> %z={third} | alerted
"""
A = {"first": "(1,2)", "second": "(-1,-2)", "third": "(1)"}
B = {"first": "(1.5,2)", "second": "(-1.5,-2)", "third": "(2)"}


class Page(html.parser.HTMLParser):
    """Tags that are open, and what is said in the cells."""

    VOID = {"meta", "br"}

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.words.append(data)


class Reports(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def trace(self, name, values=A, layer="Net.put", text=RUN):
        text = text.format(layer=layer, **values)
        subprocess.run([build_trace, self.folder / name], input=text.encode("utf-8"), check=True)
        return name

    def diff(self, *options, a="a.h5", b="b.h5", status):
        done = subprocess.run([reprorec, "diff", a, b, *options], cwd=self.folder, capture_output=True)
        self.assertEqual(done.returncode, status, done)
        return done.stdout.decode(), done.stderr.decode()

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def junit(self, name):
        suites = xml.parse(self.folder / name).getroot()
        suite = suites.find("testsuite")
        cases = suite.findall("testcase")
        for attribute, count in (("tests", len(cases)), ("failures", len(suite.findall("*/failure"))),
                                 ("errors", len(suite.findall("*/error")))):
            self.assertEqual(suite.get(attribute), str(count))
            self.assertEqual(suites.get(attribute), str(count))
        self.assertEqual(cases[0].get("name"), "verdict")
        return cases

    def test_source_map_finds_the_lines_of_sources_that_moved(self):
        old, new = self.folder / "old", self.folder / "new"
        old.mkdir()
        (old / "train.cpp").write_text("int main() {\n    put(histogram);\n}\n")
        run = RUN.replace("train.cpp:42", f"{old}/train.cpp:2") + f"source {old}/train.cpp\n"
        self.trace("a.h5", A, text=run), self.trace("b.h5", B, text=run)
        old.rename(new)
        self.diff("--html", "gone.html", status=1)
        self.diff("--html", "found.html", "--source-map", f"{old}={new}", status=1)
        self.assertNotIn("put(histogram);", self.read("gone.html"))
        self.assertIn("&gt;     2      put(histogram);", self.read("found.html"))

    def test_several_at_once_and_the_text_beside_them(self):
        self.trace("a.h5")
        self.trace("b.h5", B)
        text, annotations = self.diff("--junit", "j.xml", "--html", "r.html", "--markdown=r.md",
                                      "--github", status=1)
        self.assertTrue(text.startswith("diverged: "))
        self.assertEqual(len(self.junit("j.xml")), 2)
        self.assertIn("### ❌ reprorec: diverged", self.read("r.md"))
        self.assertIn("</html>", self.read("r.html"))
        self.assertEqual([path.name for path in self.folder.glob("*.new")], [])
        lines = annotations.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertTrue(lines[0].startswith("::error file=train.cpp,line=42,title=reprorec%3A diverged"))
        self.assertTrue(lines[1].startswith("::error title="))

    def test_junit_of_each_verdict(self):
        self.trace("a.h5")
        self.trace("b.h5", B)
        self.trace("same.h5")
        self.trace("other.h5", text="sin %q:f64[7]=1 -> %r:f64[7]=2\ncos %r -> %s:f64[7]=3")
        self.diff("--junit", "j.xml", status=1)
        failure = self.junit("j.xml")[0].find("failure")
        self.assertEqual(failure.get("type"), "nondeterministic_kernel")
        self.assertIn("aten::put_ in Net.put, step 3", failure.get("message"))
        self.assertIn("remedy: ", failure.text)
        self.diff("--junit", "j.xml", b="same.h5", status=0)
        self.assertIsNone(self.junit("j.xml")[0].find("failure"))
        self.assertIn("none differs", self.junit("j.xml")[0].find("system-out").text)
        self.diff("--junit", "j.xml", b="other.h5", status=3)
        self.assertEqual(self.junit("j.xml")[0].find("error").get("type"), "not_comparable")
        self.diff("--junit", "j.xml", b="none.h5", status=2)
        error = self.junit("j.xml")[0].find("error")
        self.assertEqual(error.get("type"), "trouble")
        self.assertIn("none.h5", error.get("message"))

    def test_every_format_speaks_without_a_verdict(self):
        self.trace("a.h5")
        out, err = self.diff("--html", "r.html", "--markdown=r.md", "--github", b="none.h5", status=2)
        self.assertEqual(out, "")
        self.assertTrue(err.startswith("::error title=reprorec%3A trouble::none.h5"), err)
        for name in "r.html", "r.md":
            self.assertIn("trouble", self.read(name))
            self.assertIn("none.h5", self.read(name))

    def test_markdown_takes_the_place_of_the_text(self):
        self.trace("a.h5")
        self.trace("same.h5")
        text, _ = self.diff("--markdown", b="same.h5", status=0)
        self.assertTrue(text.startswith("### ✅ reprorec: same\n"), text)
        _, trouble = self.diff("--markdown", "--json", b="same.h5", status=2)
        self.assertIn("both want stdout", trouble)

    def test_tolerances_are_told_in_every_report(self):
        self.trace("a.h5")
        self.trace("b.h5", B)
        self.diff("--atol", "1", "--markdown=r.md", "--html", "r.html", "--junit", "j.xml", status=0)
        for name in "r.md", "r.html", "j.xml":
            self.assertIn("within: 4 values, 4 elements, up to 1, worst", self.read(name))

    def test_max_failures_bounds_every_report(self):
        self.trace("a.h5")
        self.trace("b.h5", B)
        for option in ["--max-failures", "1"], ["--fail-fast"]:
            text, annotations = self.diff(*option, "--junit", "j.xml", "--github", status=1)
            self.assertEqual(len(self.junit("j.xml")), 1)
            self.assertEqual(len(annotations.splitlines()), 1)
            self.assertIn("and 1 more", text)
        self.diff("--max-failures", "0", status=2)

    def test_nothing_of_a_name_becomes_markup(self):
        self.trace("a.h5", layer=NASTY)
        self.trace("b.h5", B, layer=NASTY)
        text, annotations = self.diff("--junit", "j.xml", "--html", "r.html", "--markdown=r.md",
                                      "--github", status=1)
        shown = NASTY.replace("\x1b", "\\x1b").replace("\x01", "\\x01")
        self.assertIn(shown, text)
        self.assertIn(shown, self.junit("j.xml")[0].find("failure").get("message"))
        page = Page(self.read("r.html"))
        self.assertEqual(page.open, [])
        self.assertNotIn("script", page.tags)
        self.assertIn(f"{shown} (EmbeddingImpl)", page.words)
        for line in self.read("r.md").splitlines():
            if line.startswith("|"):
                cells = len(re.findall(r"(?<!\\)\|", line)) - 1
                self.assertIn(cells, (2, 3), line)
        self.assertNotRegex(self.read("r.md"), r"(?m)^[^`]*<script>")
        self.assertEqual(len(annotations.splitlines()), 2)
        self.assertIn("%250Aj::error::k", annotations)
        self.assertNotIn("\x1b", text + annotations + self.read("r.md") + self.read("r.html"))

    def test_the_page_fetches_nothing(self):
        self.trace("a.h5")
        self.trace("b.h5", B)
        self.diff("--html", "r.html", status=1)
        self.assertNotRegex(self.read("r.html"), r"(?i)src=|href=|url\(|@import|<script")
        page = Page(self.read("r.html"))
        for words in "First divergence", "nondeterministic_kernel (likely)", "1.5 (0x3fc00000)":
            self.assertTrue(any(words in said for said in page.words), words)

    def test_a_report_that_cannot_be_written_is_trouble_and_the_others_are_kept(self):
        self.trace("a.h5")
        self.trace("same.h5")
        for bad in "none/j.xml", "/dev/full", ".":
            _, err = self.diff("--junit", bad, "--html", "r.html", b="same.h5", status=2)
            self.assertEqual(len(err.splitlines()), 1, err)
            self.assertIn("cannot be written", err)
            self.assertIn("same", self.read("r.html"))
            (self.folder / "r.html").unlink()

    def test_an_old_report_is_replaced_whole(self):
        self.trace("a.h5")
        self.trace("same.h5")
        (self.folder / "kept").mkdir()
        (self.folder / "kept" / "j.xml").write_text("old" * 10000)
        (self.folder / "link.xml").symlink_to("kept/j.xml")
        self.diff("--junit", "link.xml", b="same.h5", status=0)
        self.assertTrue((self.folder / "link.xml").is_symlink())
        self.junit("kept/j.xml")

    def test_json_and_annotations_go_apart(self):
        self.trace("a.h5")
        self.trace("b.h5", B)
        out, err = self.diff("--json", "--github", status=1)
        self.assertEqual(json.loads(out)["exit"], 1)
        self.assertTrue(err.startswith("::error "))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
