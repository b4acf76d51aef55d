# SPDX-License-Identifier: BSD-3-Clause
"""Unmodified scripts of Python: as bare, and with layers, parameters, steps and phases."""

import collections
import shutil

import support

SCRIPTS = support.SOURCE / "tests" / "programs" / "python"


class Cases(support.Case):
    def words(self, script, *arguments, options=()):
        return [self.python_of_torch(), *options, str(SCRIPTS / f"{script}.py"), *arguments]

    def layer_calls(self, path="a.h5"):
        calls = self.events("--filter", "kind:layer", path=path)
        return collections.Counter(event["layer"] for event in calls)

    def test_layers_steps_and_phases(self):
        self.assert_unharmed(self.words("trains_blocks"))
        info = self.assert_whole()
        self.assertEqual(info["counts"]["steps"], 3)
        calls = self.layer_calls()
        # Three steps and one evaluation; the block that is registered twice has its first name.
        self.assertEqual(calls, {"Net": 4, "Net.blocks.0": 8, "Net.blocks.0.fc": 8, "Net.blocks.0.drop": 8,
                                 "Net.blocks.1": 4, "Net.blocks.1.fc": 4, "Net.blocks.1.drop": 4, "Net.head": 4,
                                 "Net.head.0": 4, "Net.head.1": 4, "Net.head.2": 4})
        relu = [event["layer"] for event in self.events("--op", "^aten::relu$")]
        self.assertEqual(relu, ["Net.blocks.0", "Net.blocks.1", "Net.blocks.0"] * 4)
        phases = collections.Counter((event["op"], event["phase"]) for event in self.events() if event["step"] == 1)
        self.assertEqual(phases["aten::threshold_backward", "backward"], 3, phases)
        self.assertEqual(phases["aten::addcmul_", "optimizer"], 8, phases)
        self.assertEqual([op for op, phase in phases if phase == "other"], ["aten::ones_like"], phases)

    def test_parameters_and_what_the_optimizer_keeps_have_names(self):
        self.record(self.words("trains_blocks"), options=["-q"])
        step = self.events("--filter", "kind:optimizer-step")[1]
        shown = self.json_of("show", "--json", "a.h5", "--event", str(step["event"]))
        names = [tensor["name"] for tensor in shown["tensors"]]
        self.assertEqual(names[:4], ["Net.blocks.0.fc.weight", "Net.blocks.0.fc.weight.step",
                                     "Net.blocks.0.fc.weight.exp_avg", "Net.blocks.0.fc.weight.exp_avg_sq"])
        self.assertEqual(len(names), 8 * 4)
        updated = [self.json_of("show", "--json", "a.h5", "--event", str(event["event"]))["parameter"]
                   for event in self.events("--op", "^aten::addcdiv_$")]
        self.assertEqual(updated, names[::4] * 3)
        modes = self.events("--filter", "kind:mode")
        self.assertEqual([event["layer"] for event in modes], ["Net"])

    def test_the_verdict_names_the_layer_and_speaks_python(self):
        for output in ("a.h5", "b.h5"):
            self.record(self.words("trains_blocks", "unseeded"), output, ["-q"])
        verdict = self.diff()
        self.assertEqual(verdict["first"]["layer"], "Net.blocks.0.drop", verdict)
        self.assertEqual(verdict["first"]["layer_evidence"], "exact")
        self.assertEqual(verdict["cause"]["class"], "unseeded")
        self.assertIn("torch.manual_seed(n)", verdict["cause"]["remedy"])
        site = verdict["first"]["site"]
        self.assertEqual((site["file"], site["function"]), (str(SCRIPTS / "trains_blocks.py"), "Block.forward"))
        shown = self.tool("diff", "--markdown", "a.h5", "b.h5")
        self.assertIn(b"torch.relu(self.drop(self.fc(x)))", shown.out)

    def test_seeded_runs_are_the_same(self):
        for script in ("trains_blocks", "plays_two"):
            for output in ("a.h5", "b.h5"):
                self.record(self.words(script), output, ["-q", "-f"])
            self.assert_same()

    def test_two_optimizers_and_one_that_throws(self):
        self.assert_unharmed(self.words("plays_two"))
        self.assert_whole()
        steps = self.events("--filter", "kind:optimizer-step")
        self.assertEqual(["threw" in event["flags"] for event in steps], [True, False, False, False], steps)

    def test_modules_used_in_odd_ways(self):
        self.assert_unharmed(self.words("odd_modules"))
        self.assert_whole()

    def test_what_is_compiled_is_compiled_as_before(self):
        self.assert_unharmed(self.words("compiles"))

    def test_each_op_has_its_line(self):
        recorded = self.assert_unharmed(self.words("says_lines"))
        truth = [(op, int(line)) for op, line in map(str.split, recorded.out.decode().splitlines())]
        said = {op for op, _ in truth}
        events = [event for event in self.events("--nested") if event["op"] in said and "outermost" in event["flags"]]
        self.assertEqual([(event["op"], (event["site"] or {}).get("line")) for event in events], truth)
        files = collections.Counter(event["site"]["file"] for event in events)
        self.assertEqual(set(files), {str(SCRIPTS / "says_lines.py"), f"{self.folder}/made_up.py"}, files)
        names = {event["site"]["function"] for event in events}
        self.assertGreaterEqual(names, {"<module>", "plainly", "generated", "Squared.backward", "Model.own",
                                        "Model.forward.<locals>.<lambda>", "<listcomp>"}, names)
        self.assertEqual(self.tool("symbolize", "a.h5").status, 0)
        self.assertEqual(self.events("--nested")[-1]["site"], events[-1]["site"])

    def test_what_stands_around_a_model_does_not_change_its_names(self):
        recorded = self.record(self.words("wraps", str(self.folder / "meeting")), options=["-q"])
        self.assertEqual(recorded.status, 0, recorded)
        self.assertEqual(self.layer_calls(), {
            "Sequential (DistributedDataParallel)": 1, "Sequential": 1, "Sequential.0": 1, "Sequential.1": 1,
            "Sequential (OptimizedModule)": 1, "Linear (DataParallel)": 1, "Linear": 1})

    def test_isolated_as_a_module_and_as_a_command(self):
        shutil.copy(SCRIPTS / "trains_blocks.py", self.folder)
        python = self.python_of_torch()
        for words in ([python, "-I", "-S", "-B", "-c", "import sys; print(sys.flags)"],
                      [python, "-I", str(SCRIPTS / "trains_blocks.py")],
                      [python, "-m", "trains_blocks"],
                      [python, "-c", "import trains_blocks"]):
            bare = self.run_words(words)
            recorded = self.record(words, "a.h5", ["-q", "-f"])
            self.assertEqual(recorded.out, bare.out, words)
            if "sys.flags" not in words[-1]:
                self.assertEqual(recorded.status, 0, recorded)
                self.assertEqual(self.layer_calls()["Net"], 4)

    def test_a_child_that_is_forked_trains_as_before(self):
        script = self.folder / "forks.py"
        script.write_text("import os, sys, torch\n"
                          "net = torch.nn.Linear(2, 2)\n"
                          "net(torch.ones(1, 2))\n"
                          "child = os.fork()\n"
                          "net(torch.ones(1, 2))\n"
                          "if child == 0:\n"
                          "    os._exit(5)\n"
                          "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n")
        recorded = self.record([self.python_of_torch(), str(script)], options=["-q"])
        self.assertEqual((recorded.status, recorded.out), (0, b"5\n"), recorded)
        self.assertEqual(self.layer_calls(), {"Linear": 2})
