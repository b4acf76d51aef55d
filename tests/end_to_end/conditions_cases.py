# SPDX-License-Identifier: BSD-3-Clause
"""What decides numbers and is no argument of an op: modes, engines, addresses, libraries."""

import pathlib

import support


class Cases(support.Case):
    def plugin(self):
        return str(pathlib.Path(self.program("plugins")) / "libflushes_denormals.so")

    def context_of(self, op, path="a.h5"):
        (event,) = self.events("--op", f"^aten::{op}$", path=path)
        return set(self.shown(event, path)["context"]["flags"])

    def shown(self, event, path="a.h5"):
        return self.json_of("show", "--json", path, "--event", str(event["event"]))

    def libraries(self, path):
        return [pathlib.Path(library["path"]).name for library in self.info(path)["environment"]["libraries"]]

    def test_modes_of_each_thread(self):
        outcome = self.assert_unharmed([self.program("sets_modes"), self.plugin()])
        flushing = {"flush-denormal", "denormals-are-zero"}
        for op, expected in {"sin": set(), "cos": flushing, "tan": set(),
                             "exp": {*flushing, "round-up"}, "erf": flushing}.items():
            modes = {flag for flag in self.context_of(op) if flag in flushing or flag.startswith("round-")}
            self.assertEqual(modes, expected, op)
        engine = int(outcome.out.split()[1])
        names = ["fbgemm", "qnnpack", "onednn", "x86"]
        expected = {f"qengine-{names[engine - 1]}"} if engine else set()
        self.assertEqual({flag for flag in self.context_of("erf") if "qengine" in flag}, expected)

    def test_alignment_of_addresses(self):
        self.record([self.program("sets_modes"), self.plugin()])
        for op, alignment in ("sin", 64), ("sinh", 4):
            (event,) = self.events("--op", f"^aten::{op}$")
            tensors = self.shown(event)["tensors"]
            self.assertEqual({tensor["slot"]: tensor["alignment"] for tensor in tensors},
                             {"in0": alignment, "out0": 64}, tensors)
            text = self.tool("show", "a.h5", "--event", str(event["event"])).out.decode()
            self.assertRegex(text, rf"(?m)^  in0 .* aligned to {alignment}$")

    def test_libraries_that_are_opened_later(self):
        self.record([self.sample("clean_mlp")], "bare.h5")
        self.assertNotIn("libflushes_denormals.so", self.libraries("bare.h5"))
        for output, words in ("a.h5", []), ("killed.h5", ["die"]):
            self.record([self.program("sets_modes"), self.plugin(), *words], output)
            self.assertEqual(self.libraries(output).count("libflushes_denormals.so"), 1, output)
        self.assertEqual(self.info("killed.h5")["header"]["ending"], "signal 9")
        report = self.json_of("env-diff", "--json", "bare.h5", "a.h5", status=1)
        (item,) = [item for item in report["differences"] if "flushes_denormals" in item["key"]]
        self.assertEqual(item["key"], "library.libflushes_denormals.so")

    def test_filling_fills(self):
        outcome = self.record([self.sample("uninitialised")], options=["--fill-uninitialised"])
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(self.info()["environment"]["controls"],
                         {"deterministic": "warn", "fill_uninitialised": True})
        self.assertEqual(b"cannot fill" in outcome.err, support.torch_version == "1.13", outcome)
        if support.torch_version != "1.13":
            self.record([self.sample("uninitialised")], "b.h5", ["--fill-uninitialised"])
            self.assert_same()
