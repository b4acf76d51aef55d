# SPDX-License-Identifier: BSD-3-Clause
"""What a recorder that dies leaves: nothing that was committed is lost, and the program goes on.

scripts/kills.sh asks for many more kills than the cases do by themselves.
"""

import os
import pathlib
import random
import resource
import signal
import subprocess
import time

import h5py

import support

KILLS = int(os.environ.get("REPROREC_KILLS", 2))


class Cases(support.Case):
    def committed(self):
        """Bytes of records by file of the journal, each of which must open with plain HDF5."""
        found = {}
        for path in sorted(pathlib.Path(self.folder, "a.h5.partial").glob("journal-*[0-9].h5")):
            with h5py.File(path) as file:
                found[path.name] = int(file["records"][:8].view("<u8")[0])
        return found

    def training(self):
        """Some seconds of small steps."""
        go = self.folder / "go"
        go.touch()
        return [self.program("waits"), str(go), "4000"]

    def start_training(self):
        return subprocess.Popen(self.record_words(self.training(), "a.h5", ["-q", "-f"]), cwd=self.folder, env=self.environment(),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def host_of(self, process):
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def wait_for_records(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if sum(self.committed().values()) > 20_000:
                    return
            except (OSError, KeyError):
                pass  # it is being made
            time.sleep(0.002)
        self.fail("nothing was committed in a minute")

    def kill_at_random(self, which):
        """Returns: what the program printed if it lived on."""
        process = self.start_training()
        self.wait_for_records()
        host = self.host_of(process)
        time.sleep(random.random() * 0.5)
        pids = {"collector": [process.pid], "host": [host], "both": [process.pid, host]}[which]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it had ended
        printed, _ = process.communicate(timeout=120)
        return printed if which == "collector" else None

    def check_kills(self, which):
        self.record(self.training(), "whole.h5", ["-q"])
        printed_whole = self.run_words(self.training()).out
        orphans = 0
        for _ in range(KILLS):
            printed = self.kill_at_random(which)
            if printed is not None:
                self.assertEqual(printed, printed_whole)
            if not pathlib.Path(self.folder, "a.h5").exists():
                orphans += 1
                self.check_orphan()
            verdict = self.diff("whole.h5", "a.h5")
            self.assertIn(verdict["verdict"], ("same", "not_comparable"), verdict)
            self.assertEqual(verdict["origins"], [])
            self.assertGreater(verdict["coverage"]["matched"], 0, verdict)
            self.tool("verify", "a.h5")
            pathlib.Path(self.folder, "a.h5").unlink()
        print(f"{which}: {KILLS} kills, {orphans} recordings cut off, 0 lost")
        return orphans

    def check_orphan(self):
        committed = self.committed()
        self.assertGreater(sum(committed.values()), 0)
        counted = self.json_of("info", "--json", "a.h5.partial")["counts"]["events"]
        self.assertGreater(counted, 0)
        recovered = self.tool("recover", "a.h5.partial")
        self.assertEqual(recovered.status, 0, recovered)
        info = self.info()
        self.assertEqual(info["counts"]["events"], counted)
        self.assertEqual(info["header"]["ending"], "collector: ended before the program did")
        self.assertFalse(info["header"]["complete"])
        self.assertFalse(pathlib.Path(self.folder, "a.h5.partial").exists())
        self.assertEqual(self.tool("verify", "a.h5").status, 0)

    def test_collector_killed(self):
        self.assertGreater(self.check_kills("collector"), 0)

    def test_host_killed(self):
        self.check_kills("host")

    def test_both_killed(self):
        self.assertGreater(self.check_kills("both"), 0)

    def test_a_recording_is_read_while_it_goes_on(self):
        process = self.start_training()
        self.wait_for_records()
        os.kill(self.host_of(process), signal.SIGSTOP)
        seen = self.tool("info", "a.h5.partial")
        self.assertEqual(seen.status, 0, seen)
        self.assertIn(b"is still being recorded", seen.err)
        self.assertEqual(self.tool("info", "a.h5").status, 0)  # by the name that it will have
        refused = self.tool("recover", "a.h5")
        self.assertEqual(refused.status, 2, refused)
        self.assertIn(b"is still being recorded", refused.err)
        again = self.record([self.sample("clean_mlp")], "a.h5", ["-q", "-f"])
        self.assertIn(b"is being written by another recording", again.err)
        os.kill(self.host_of(process), signal.SIGCONT)
        process.communicate(timeout=120)
        self.assert_whole()
        self.assertFalse(pathlib.Path(self.folder, "a.h5.partial").exists())

    def test_a_full_disk(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, 3 << 20))

        words = [self.program("big_tensors")]
        bare = self.run_words(words)
        recorded = self.record(words, options=["--capture", "full", "--ring", "1M"], preexec_fn=limit, restore_signals=False)
        self.assertEqual((recorded.status, recorded.out), (0, bare.out), recorded)
        if not pathlib.Path(self.folder, "a.h5").exists():
            self.check_orphan()

    def test_without_a_journal_nothing_is_kept(self):
        recorded = self.record([self.sample("clean_mlp")], "a.h5", ["-q", "--no-journal"])
        self.assertEqual(recorded.status, 0, recorded)
        self.assert_whole()

    def test_what_cannot_be_recovered_is_said(self):
        for name, text in (("missing", b"is no recording that was cut off"), (".", b"is no recording")):
            refused = self.tool("recover", name)
            self.assertEqual(refused.status, 2, refused)
            self.assertIn(text, refused.err)
