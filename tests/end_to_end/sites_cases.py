# SPDX-License-Identifier: BSD-3-Clause
"""The line of the program that each op, layer and mark was called from."""

import os
import shutil
import subprocess

import support

PROGRAM = "says_lines.cpp"


class Cases(support.Case):
    def lines(self, path="a.h5"):
        """Op, file and line of each outermost op that the program spoke of, in the order in which they began."""
        said = {op for op, _ in self.truth}
        return [(event["op"], (event["site"] or {}).get("file"), (event["site"] or {}).get("line"))
                for event in self.events("--nested", path=path)
                if event["op"] in said and "outermost" in event["flags"]]

    def record_said(self, words, options=("-q",), env=None):
        recorded = self.record(words, options=options, env=env)
        self.assertEqual(recorded.status, 0, recorded)
        self.truth = [(op, int(line)) for op, line in map(str.split, recorded.out.decode().splitlines())]
        self.assert_whole()

    def test_each_op_has_its_line(self):
        self.record_said([self.program("says_lines")])
        found = self.lines()
        self.assertEqual([(op, line) for op, _, line in found], self.truth)
        self.assertEqual({os.path.basename(file) for _, file, _ in found}, {PROGRAM})

    def test_a_backward_op_has_the_line_of_its_forward_op(self):
        self.assertEqual(self.record([self.sample("gather_backward_race")], options=["-q"]).status, 0)
        source = (support.SOURCE / "samples" / "gather_backward_race.cpp").read_text().splitlines()
        nodes = [event for event in self.events("--filter", "kind:node") if event["op"] == "MseLossBackward0"]
        self.assertGreater(len(nodes), 0)
        for event in nodes:
            self.assertIn("mse_loss(", source[event["site"]["line"] - 1])

    def test_a_module_of_the_program_is_the_layer_of_its_ops(self):
        self.record_said([self.program("says_lines")])
        layers = {event["op"]: (event["layer"], "inferred-layer" in event["flags"])
                  for event in self.events() if event["op"] in ("aten::div", "aten::cos", "aten::relu")}
        # Of two blocks of one type none is guessed; a lambda in a forward is the module's.
        self.assertEqual(layers, {"aten::div": ("Net", True), "aten::cos": (None, False), "aten::relu": (None, False)})

    def test_no_layer_is_wrong_and_this_tells_equal_blocks_apart(self):
        recorded = self.record([self.program("says_layers")], options=["-q"])
        self.assertEqual(recorded.status, 0, recorded)
        truth = [tuple(line.split()) for line in recorded.out.decode().splitlines()]
        said = {op for op, _ in truth}
        events = [event for event in self.events() if event["op"] in said]
        self.assertEqual([event["op"] for event in events], [op for op, _ in truth])
        wrong = [(event["op"], event["layer"], path) for event, (_, path) in zip(events, truth)
                 if event["layer"] not in (None, path)]
        self.assertEqual(wrong, [])
        exact = {path for event, (_, path) in zip(events, truth) if "exact-layer" in event["flags"]}
        self.assertGreaterEqual(exact, {"Net.blocks.0", "Net.blocks.2", "Net.row.1", "Net#1.blocks.1", "Net.shared"})
        missing = sum(event["layer"] is None and path != "-" for event, (_, path) in zip(events, truth))
        self.assertLess(missing * 10, len(truth), f"{missing} of {len(truth)} ops have no layer")

    def test_without_sites_nothing_is_kept(self):
        recorded = self.record([self.program("says_lines")], options=["-q", "--sites", "none"])
        self.assertEqual(recorded.status, 0, recorded)
        self.assertTrue(all(event["site"] is None for event in self.events()))
        self.assert_one_line(self.tool("symbolize", "a.h5"), 2, "has no call sites")

    def stripped_copy(self):
        copy = self.folder / "says_lines"
        shutil.copy(self.program("says_lines"), copy)
        (self.folder / "kept").mkdir()
        subprocess.run(["objcopy", "--only-keep-debug", copy, self.folder / "kept" / "says_lines.debug"], check=True)
        subprocess.run(["strip", "--strip-all", copy], check=True)
        return copy

    def test_symbols_that_are_elsewhere_are_found_later(self):
        copy = self.stripped_copy()
        self.record_said([str(copy)])
        self.assertEqual({line for _, _, line in self.lines()}, {None})
        site = next(event["site"] for event in self.events() if event["site"])
        self.assertTrue(site["module"].endswith("/says_lines"), site)
        self.assertGreater(site["offset"], 0)
        done = self.tool("symbolize", "a.h5", "--debug-dir", "kept")
        self.assertEqual(done.status, 0, done)
        self.assertIn(b"says_lines: functions and lines", done.out)
        self.assertEqual([(op, line) for op, _, line in self.lines()], self.truth)
        self.assertEqual(self.tool("verify", "a.h5").status, 0)

    def test_a_program_that_was_built_again_gives_no_wrong_lines(self):
        copy = self.stripped_copy()
        self.record_said([str(copy)])
        shutil.copy(self.sample("clean_mlp"), copy)
        done = self.tool("symbolize", "a.h5")
        self.assertEqual(done.status, 0, done)
        self.assertIn(b"was built again since the recording", done.out)
        self.assertEqual({line for _, _, line in self.lines()}, {None})
