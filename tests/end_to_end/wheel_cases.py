# SPDX-License-Identifier: BSD-3-Clause
"""The wheel of what this build installs."""

import re
import sys

import support


class Cases(support.Case):
    def setUp(self):
        super().setUp()
        packed = self.run_words([str(support.SOURCE / "scripts" / "pack_wheel.sh"), str(support.build), str(self.folder)])
        self.assertEqual(packed.status, 0, packed)
        self.wheel = next(self.folder.glob("*.whl"))
        self.version = re.search(r"project\(reprorec VERSION (\S+)", (support.SOURCE / "CMakeLists.txt").read_text())[1]

    def needed(self, path):
        listed = self.run_words(["readelf", "-d", str(path)])
        return set(re.findall(r"\(NEEDED\).*\[(.*)\]", listed.out.decode()))

    def test_pip_installs_the_programs_themselves(self):
        """In a folder with a space in its name; they find the recorder, and nothing of Python stands before them."""
        self.assertEqual(self.run_words([sys.executable, "-m", "venv", "of a user"]).status, 0)
        programs = self.folder / "of a user" / "bin"
        installed = self.run_words([str(programs / "pip"), "install", "-q", "--no-index", str(self.wheel)])
        self.assertEqual(installed.status, 0, installed)
        told = self.run_words([str(programs / "reprorec"), "--version"])
        self.assertIn(f"reprorec {self.version}".encode(), told.out)
        self.assertEqual((programs / "reprorec").read_bytes()[:4], b"\x7fELF")
        package = self.run_words([str(programs / "python"), "-c", "import reprorec; print(reprorec.active())"])
        self.assertEqual(package.out, b"False\n", package)
        recorded = self.run_words([str(programs / "reprorec"), "-o", "a.h5", self.sample("clean_mlp")])
        self.assertEqual(recorded.status, 0, recorded)
        self.assert_whole()

    def test_it_says_what_it_is_and_brings_nothing_into_programs(self):
        """The stub needs the C library alone, a recorder LibTorch besides; the hashes in RECORD are right."""
        # "wheel" ends with an error where a file is not as RECORD has it.
        unpacked = self.run_words(["/usr/bin/python3", "-m", "wheel", "unpack", str(self.wheel)])
        self.assertEqual(unpacked.status, 0, unpacked)
        name = f"reprorec-{self.version}"
        metadata = (self.folder / name / f"{name}.dist-info" / "METADATA").read_text()
        self.assertIn(f"Name: reprorec\nVersion: {self.version}\n", metadata)
        libraries = self.folder / name / f"{name}.data" / "data" / "lib" / "reprorec"
        system = {"libc.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"}
        self.assertLessEqual(self.needed(libraries / "librepro_preload.so"), system)
        for recorder in libraries.glob("librepro_recorder-*.so"):
            others = self.needed(recorder) - system - {"libstdc++.so.6", "libm.so.6"}
            self.assertTrue(all(re.match(r"lib(torch_cpu|c10)\.so", library) for library in others), others)
