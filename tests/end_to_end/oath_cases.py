# SPDX-License-Identifier: BSD-3-Clause
"""The recorder's oath: the program computes, prints and ends as if it were alone."""

import subprocess

import h5py

import support


class Cases(support.Case):
    def test_exit_status_is_the_programs(self):
        self.assert_unharmed([self.program("exits_seven")], status=7)
        self.assert_whole()

    def test_underscore_exit(self):
        self.assert_unharmed([self.program("leaves_abruptly")], status=5)
        self.assertEqual(self.info()["header"]["gaps"], 0)

    def test_output_is_untouched(self):
        self.assert_unharmed([self.program("talks")])
        self.assert_whole()

    def test_exceptions_through_layers(self):
        self.assert_unharmed([self.program("throws_through_layer")])
        self.assert_whole()
        threw = [event for event in self.events("--kind", "op,layer,node") if "threw" in event["flags"]]
        self.assertTrue(threw)
        # What such an op meant to write is no result of its own; what it was given is told.
        for op in "fill_", "_foreach_add_":
            (event,) = [event for event in threw if event["op"] == f"aten::{op}" and "outermost" in event["flags"]]
            shown = self.json_of("show", "--json", "a.h5", "--event", str(event["event"]))
            slots = [tensor["slot"] for tensor in shown["tensors"]]
            self.assertTrue(slots)
            self.assertFalse([slot for slot in slots if slot.startswith("out")], shown)

    def test_modules_print_the_same(self):
        self.assert_unharmed([self.program("prints_modules")])
        self.assert_whole()
        layers = self.tool("info", "--layers", "a.h5").out.decode()
        for path in "RNNCell#0", "LSTMCell#0", "GRUCell#0", "RNN#0":
            self.assertRegex(layers, rf"(?m)^{path} .* 1 call$")

    def test_scopes_that_another_thread_ends(self):
        for output in "a.h5", "b.h5":
            self.assert_unharmed([self.program("moves_scopes")], output=output)
            self.assert_whole(output)
        self.assert_same()
        scopes = self.events("--kind", "user")
        self.assertEqual([scope["flags"] for scope in scopes], [[]] * 20)

    def test_fork(self):
        outcome = self.assert_unharmed([self.program("forks"), "train"])
        self.assertIn(b"child 3\n", outcome.out)
        info = self.assert_whole()
        self.assertEqual([path.name for path in self.folder.glob("*.h5*")], ["a.h5"])
        self.assertEqual(info["header"]["unrecorded_children"], 1)
        self.assertEqual(len(self.events("--kind", "fork")), 1)

    def test_every_forked_child_that_computes_is_counted(self):
        for way, children in ("thread", 1), ("twice", 2), ("killed", 1), ("exec", 0):
            with self.subTest(way):
                self.assert_unharmed([self.program("forks"), "train", way], output=f"{way}.h5")
                header = self.assert_whole(f"{way}.h5")["header"]
                self.assertEqual(header["unrecorded_children"], 1 + children)
                # std::system() forks in a way of its own, of which nobody is told.
                self.assertEqual(len(self.events("--kind", "fork", path=f"{way}.h5")), 2)

    def test_runs_whose_children_computed_are_not_the_same_unless_allowed(self):
        for output in "a.h5", "b.h5":
            outcome = self.record([self.program("forks"), "train"], output)
            self.assertIn("; 1 forked child ran LibTorch and is not recorded", outcome.err.decode())
        verdict = self.diff()
        self.assertEqual((verdict["verdict"], verdict["exit"]), ("not_comparable", 3), verdict)
        self.assertIn("of a 1 forked child ran LibTorch", verdict["reason"])
        self.assertEqual(self.tool("diff", "--allow-unrecorded-children", "a.h5", "b.h5").status, 0)

    def test_only_children_compute(self):
        outcome = self.record([self.program("forks"), "twice"])
        self.assertEqual((outcome.status, outcome.out), (0, b"child 3\n"))
        self.assertIn("nothing recorded", outcome.lines()[-1])
        self.assertIn("2 forked children ran LibTorch and are not recorded", outcome.lines()[-1])

    def test_shell_in_front(self):
        self.assert_unharmed(["sh", "-c", f"{self.program('exits_seven')}; exit 9"], status=9)
        self.assert_whole()

    def test_env_in_front(self):
        self.assert_unharmed(["env", "A=B", self.program("exits_seven")], status=7)
        self.assert_whole()

    def test_shell_script(self):
        script = self.folder / "run.sh"
        script.write_text(f"#!/bin/sh\nexec {self.program('exits_seven')}\n")
        script.chmod(0o755)
        self.assert_unharmed([str(script)], status=7)
        self.assert_whole()

    def test_two_programs_of_one_script(self):
        program = self.program("exits_seven")
        self.assertEqual(self.record(["sh", "-c", f"{program}; {program}; true"]).status, 0)
        self.assert_whole("a.h5")
        self.assert_whole("a.2.h5")
        self.assert_same("a.h5", "a.2.h5")

    def test_every_descriptor_closed(self):
        program, results = self.program("closes_descriptors"), []
        for name, run in (("bare", self.run_words), ("recorded", self.record)):
            self.assertEqual(run([program, str(self.folder / name)]).status, 0)
            results.append((self.folder / name).read_bytes())
        self.assertTrue(results[0].startswith(b"final "))
        self.assertEqual(results[0], results[1])
        self.assert_whole()

    def test_asan_host(self):
        # Leaks of LibTorch itself, which lives until the end, are not at issue.
        self.assert_unharmed([self.program("asan_host")], status=7, env={"ASAN_OPTIONS": "detect_leaks=0"})
        self.assert_whole()

    def test_plugin_by_runpath(self):
        self.assert_unharmed([self.program("plugin_host")])
        self.assert_whole()

    def test_host_with_hdf5(self):
        self.assert_unharmed([self.program("writes_hdf5"), str(self.folder / "own.hdf5")])
        self.assertEqual((self.folder / "own.hdf5").read_bytes()[:8], b"\x89HDF\r\n\x1a\n")
        self.assert_whole()

    def test_624_draws(self):
        self.assert_unharmed([self.program("draws_624")])
        info = self.assert_whole()
        # rand and dropout of three steps, and the weights before them.
        self.assertGreaterEqual(info["counts"]["draws"], 3 * 2 + 4)
        rand = [event for event in self.events("--op", "^aten::rand$") if "drew" in event["flags"]]
        nested = [event for event in self.events("--op", "^aten::uniform_$", "--nested")
                  if "drew" in event["flags"]]
        self.assertTrue(rand or nested)

    def test_states_of_generators_are_kept_where_they_moved(self):
        for name, rows in {"char_lstm": 2, "draws_624": 4}.items():  # after its weights the first draws no more
            self.assert_unharmed([self.program(name)], output=f"{name}.h5")
            with h5py.File(self.folder / f"{name}.h5") as file:
                self.assertEqual(len(file["rng_states/end"]), rows, name)

    def test_draws_under_the_generators_lock(self):
        self.assert_unharmed([self.program("draws_under_lock")])
        info = self.assert_whole()
        self.assertGreaterEqual(info["counts"]["generators"], 2)
        self.assertEqual(self.record([self.program("draws_under_lock")], "b.h5").status, 0)
        self.assert_same()

    def test_threads_of_the_program(self):
        for output in "a.h5", "b.h5":
            self.assert_unharmed([self.program("trains_in_threads")], output=output)
            self.assertGreaterEqual(self.assert_whole(output)["counts"]["threads"], 5)
        self.assert_same()

    def test_tensors_larger_than_the_ring(self):
        for output in "a.h5", "b.h5":
            self.assert_unharmed([self.program("big_tensors")], output=output,
                                 options=["--capture", "full", "--ring", "1M"])
            info = self.assert_whole(output)
            self.assertGreater(info["counts"]["payload_bytes"], 12 << 20)
        self.assert_same()

    def test_reprorec_h(self):
        bare = self.run_words([self.program("cooperates")])
        self.assertEqual(bare.status, 0, bare)
        recorded = self.record([self.program("cooperates")])
        self.assertEqual((recorded.status, recorded.out), (0, bare.out), recorded)
        info = self.assert_whole()
        self.assertEqual(info["counts"]["steps"], 4)
        self.assertEqual(len(self.events("--kind", "watch")), 4)
        # `input.add(1)` runs while recording is paused.
        self.assertEqual(self.tool("ls", "a.h5", "--op", "^aten::add$").status, 2)

    def test_only_who_pauses_is_not_recorded(self):
        self.assert_unharmed([self.program("pauses")])
        self.assert_whole()
        for name in "cos", "tan", "exp", "cosh", "erf":
            self.assertEqual(len(self.events("--op", f"^aten::{name}$")), 1, name)
        for name in "sin", "tanh", "sinh":
            self.assertEqual(self.tool("ls", "a.h5", "--op", f"^aten::{name}$").status, 2, name)

    def test_every_verification_computes_the_same(self):
        for verify in "top", "all", "none":
            self.assert_unharmed([self.sample("clean_cnn")], output=f"{verify}.h5",
                                 options=["--verify-inputs", verify, "--capture", "layers"])
            self.assert_whole(f"{verify}.h5")

    def test_nobody_else_can_grow_what_the_recorders_heap_holds(self):
        library = support.build / "lib" / "reprorec" / f"librepro_recorder-{support.torch_version}.so"
        done = subprocess.run(["nm", "-DC", "--undefined-only", library], capture_output=True, text=True, check=True)
        self.assertIn("std::", done.stdout)
        self.assertNotRegex(done.stdout, r"std::__cxx11::basic_string<[^()]*>::|getline|filebuf|filesystem"
                                         r"|operator (new|delete)")

    def test_nothing_replaces_the_hosts_unwinder(self):
        folder = support.build / "lib" / "reprorec"
        for library in folder / f"librepro_recorder-{support.torch_version}.so", folder / "librepro_preload.so":
            done = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True)
            self.assertIn("T ", done.stdout)
            self.assertNotRegex(done.stdout, r" (backtrace|_Unwind_|unw_|__register_frame|__cxa_)")

    def test_users_own_preload_is_kept(self):
        library = self.folder / "libown.so"
        source = self.folder / "own.c"
        source.write_text('#include <unistd.h>\n__attribute__((constructor)) static void begin(void)'
                          '{ (void)!write(1, "own\\n", 4); }\n')
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
        bare = self.run_words([self.program("exits_seven")])
        recorded = self.record([self.program("exits_seven")], "b.h5", ["--env", f"LD_PRELOAD={library}"])
        self.assertEqual((recorded.status, recorded.out), (7, b"own\n" + bare.out), recorded)
        self.assert_whole("b.h5")
