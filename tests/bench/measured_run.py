# SPDX-License-Identifier: BSD-3-Clause
"""Runs a benchmark program once, bare or recorded, and says how long its loop took and how much memory
the processes needed."""

import dataclasses
import os
import pathlib
import subprocess
import sys
import tempfile
import time


@dataclasses.dataclass
class Result:
    seconds: float  # of the timed loop, as the program itself measured it
    final: str  # hash of the weights at the end
    root_kib: int = 0  # largest resident set of the process that was started
    children_kib: int = 0  # ... of any of its children


def environment(threads):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("REPROREC")}
    return {**kept, "OMP_NUM_THREADS": str(threads)}


def run(words, folder, threads=1, watch_memory=False):
    """Ends the whole benchmark where the program fails."""
    with tempfile.TemporaryFile(dir=folder) as out, tempfile.TemporaryFile(dir=folder) as err:
        process = subprocess.Popen(words, cwd=folder, env=environment(threads), stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=err)
        root, children = watch(process) if watch_memory else (0, 0)
        status = process.wait()
        text, complaints = contents(out), contents(err)
    printed = dict(line.split(maxsplit=1) for line in text.splitlines() if " " in line)
    if status != 0 or "seconds" not in printed or "final" not in printed:
        sys.exit(f"overhead.py: status {status} from: {' '.join(words)}\n{text}{complaints}")
    return Result(float(printed["seconds"]), printed["final"], root, children)


def contents(file):
    file.seek(0)
    return file.read().decode(errors="replace")


def watch(process):
    """Largest resident sets, in KiB, of a process and of its children, until it ends. The kernel keeps
    the maximum, so only what is needed in the last hundredth of a second can be missed."""
    root = children = 0
    while process.poll() is None:
        root = max(root, high_water(process.pid))
        children = max([children, *map(high_water, children_of(process.pid))])
        time.sleep(0.01)
    return root, children


def high_water(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except OSError:
        pass  # ended meanwhile
    return 0


def children_of(pid):
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            yield from map(int, path.read_text().split())
        except OSError:
            pass  # that thread ended
