# SPDX-License-Identifier: BSD-3-Clause
"""reproview on recordings of the samples, with no display."""

import json
import pathlib

import support


class Cases(support.Case):
    def setUp(self):
        super().setUp()
        self.reproview = str(pathlib.Path(self.reprorec).with_name("reproview"))
        if not pathlib.Path(self.reproview).exists():
            self.skipTest("built without Qt 6")

    def view(self, *words):
        hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
        return self.run_words([self.reproview, *words], hidden)

    def record_pair(self, sample, *more):
        """a.h5 and b.h5, whose arguments the second one gets, with the bytes of all tensors."""
        words = [self.sample(sample)]
        for output, arguments in ("a.h5", []), ("b.h5", more):
            recorded = self.record([*words, *arguments], output, ["--capture", "full"])
            self.assertEqual(recorded.status, 0, recorded)

    def picture(self, name):
        head = (self.folder / name).read_bytes()[:24]
        self.assertEqual(head[:8], b"\x89PNG\r\n\x1a\n")
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")

    def test_new_user(self):
        """Opens two runs, reads the cause, steps on, looks at the tensor, copies the address, reports."""
        self.record_pair("two_causes", "--eps", "1e-3")
        (self.folder / "session").write_text(
            "file.screenshot 1.png\ngo.next-origin\nfile.screenshot 2.png\nwindow.tensor\n"
            "tensor.next-element\nfile.screenshot 3.png\nedit.copy-address\nfile.report out\n")
        outcome = self.view("a.h5", "b.h5", "--json", "-", "--run-actions", "session")
        self.assertEqual((outcome.status, outcome.err), (1, b""), outcome)
        verdict = json.loads(outcome.out)
        self.assertEqual([origin["cause"]["class"] for origin in verdict["origins"]], ["unseeded", "argument"])
        pictures = [(self.folder / name).read_bytes() for name in ("1.png", "2.png", "3.png")]
        self.assertEqual(len(set(pictures)), 3)
        self.assertEqual(self.picture("3.png"), (1600, 1000))
        report = (self.folder / "out" / "report.html").read_text()
        for words in "First divergence: aten::randn", "a different argument", "aten::layer_norm", "<svg":
            self.assertIn(words, report)

    def test_address_leads_back(self):
        """The address of an origin, from the report, shows the same tensor in another process."""
        self.record_pair("argument_changed", "--eps", "1e-3")
        first = json.loads(self.view("a.h5", "b.h5", "--json", "-").out)["first"]
        address = f"{first['step']}:{first['event_a']}/{first['slot']}"
        for name, goto in ("typed.png", address), ("found.png", "origin"):
            shown = self.view("a.h5", "b.h5", "--goto", goto, "--pane", "numbers", "--screenshot", name)
            self.assertEqual((shown.status, shown.err), (1, b""), shown)
        self.assertEqual(*((self.folder / name).read_bytes() for name in ("typed.png", "found.png")))

    def test_an_op_is_run_again(self):
        """The racing op of a pair, from the pane, on its recorded inputs: several results, told in the twin."""
        self.record_pair("index_put_race")
        (self.folder / "session").write_text("run.again\nfile.export-pane runs.csv\n")
        shown = self.view("a.h5", "--goto", str(self.racing_row()), "--run-actions", "session")
        self.assertEqual((shown.status, shown.err), (0, b""), shown)
        rows = (self.folder / "runs.csv").read_text().splitlines()
        self.assertGreater(sum(row.startswith("as recorded") for row in rows), 1, rows)
        self.assertEqual(sum(row.startswith("1 thread") for row in rows), 1, rows)

    def racing_row(self):
        event = next(event for event in self.events() if event["op"] == "aten::index_put_")
        return f"{event['step']}:{event['event']}"

    def test_every_pane_of_a_recording(self):
        self.record_pair("extra_draw", "--extra")
        seen = set()
        for pane in self.view("--list-panes").out.decode().split():
            shown = self.view("a.h5", "b.h5", "--pane", pane, "--size", "900x600", "--screenshot", "p.png")
            self.assertEqual((shown.status, shown.err), (1, b""), (pane, shown))
            seen.add((self.folder / "p.png").read_bytes())
        self.assertGreaterEqual(len(seen), 12)

    def test_identical_and_one_run(self):
        self.record_pair("clean_mlp")
        self.assertEqual(self.view("a.h5", "b.h5", "--screenshot", "same.png").status, 0)
        self.assertEqual(self.view("a.h5", "--screenshot", "one.png", "--size", "1024x640").status, 0)
        self.assertEqual(self.picture("one.png"), (1024, 640))

    def test_bad_input_is_one_line(self):
        """Each ends with status 2 and names the file, or the word, and what to do."""
        self.record_pair("clean_mlp")
        whole = (self.folder / "a.h5").read_bytes()
        (self.folder / "cut.h5").write_bytes(whole[:len(whole) // 2])
        (self.folder / "text.h5").write_text("no recording")
        (self.folder / "steps").write_text("go.nowhere\n")
        for named, words in {
            "gone.h5": ["a.h5", "gone.h5", "--screenshot", "x.png"],
            "cut.h5": ["a.h5", "cut.h5", "--screenshot", "x.png"],
            "text.h5": ["text.h5", "--json", "-"],
            "position 7": ["a.h5", "--filter", "class:nonsense", "--screenshot", "x.png"],
            "99:1": ["a.h5", "--goto", "99:1", "--screenshot", "x.png"],
            "go.nowhere": ["a.h5", "--run-actions", "steps"],
            "no display": ["a.h5", "b.h5"],
        }.items():
            refused = self.view(*words)
            self.assertEqual(refused.status, 2, (words, refused))
            lines = refused.err.decode().splitlines()
            self.assertEqual(len(lines), 1, refused)
            self.assertIn(named, lines[0])
