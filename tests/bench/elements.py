#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Measures how fast tensors are compared element by element, and prints one Markdown table: beside
memcpy, memcmp and the fingerprints of the same bytes, and beside h5diff, cmp and numpy on the same two files.

Rates are bytes of one of the two tensors in a second of processor time, so that a machine that others
use as well tells little less. A wrong result ends the benchmark; no time is ever judged.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

DATASET = "payload/float32"
KINDS = {"equal": "no element differs", "sparse": "one element in 1,000 differs", "dense": "every element differs"}
NUMPY = """
import sys, time, h5py, numpy
begin = time.process_time()
a, b = (h5py.File(path)[sys.argv[3]][:] for path in sys.argv[1:3])
differing = int(numpy.count_nonzero(a.view(numpy.int32) != b.view(numpy.int32)))
ulps = numpy.bincount(numpy.frexp(numpy.abs(a.view(numpy.int32) - b.view(numpy.int32)))[1])
size = numpy.abs(a - b)
size.max(), size.mean(), (size / numpy.abs(a)).max()
print(differing, time.process_time() - begin)
"""


def seconds_of(words):
    """Processor time of a program, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode > 1:
        sys.exit(f"elements.py: {words[0]} failed")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def h5diff(case):
    if shutil.which("h5diff") is None:
        return None
    return seconds_of(["h5diff", "-q", case["a"], case["b"], DATASET, DATASET])[0]


def cmp(case):
    # Into a pipe: cmp looks no further than the first difference where nobody reads the others.
    words = ["cmp", "-l", "--bytes", str(case["bytes"]), case["a"], case["b"]]
    return seconds_of(words)[0]


def numpy(case):
    words = [sys.executable, "-c", NUMPY, case["a"], case["b"], DATASET]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        return None
    differing, seconds = done.stdout.split()
    if int(differing) != case["differing"]:
        sys.exit(f"elements.py: numpy counts {int(differing)} differing elements, not {case['differing']}")
    return float(seconds)


def rate(case, tool, rounds):
    seconds = [tool(case) for _ in range(rounds)]
    return None if None in seconds else case["bytes"] / statistics.median(seconds) / 1e9


def text(number):
    return "not installed" if number is None else f"{number:.2f}"


def row(case, rounds):
    others = {tool.__name__: rate(case, tool, rounds) for tool in (h5diff, cmp, numpy)}
    known = others["h5diff"]
    times = "" if known is None else f"{case['traces_gb_s'] / known:.1f}x, {case['compare_gb_s'] / known:.1f}x"
    own = ("memcpy", "memcmp", "fingerprint", "compare", "traces")
    cells = [KINDS[case["kind"]], *(text(case[f"{what}_gb_s"]) for what in own),
             *map(text, others.values()), times]
    return "| " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=pathlib.Path, help="the build folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mebibytes", type=int, default=256, help="size of a tensor")
    parser.add_argument("--smoke", action="store_true", help="small and once: only shows that it works")
    options = parser.parse_args()
    if options.smoke:
        options.rounds, options.mebibytes = 1, 2
    lines = [f"Two tensors of {options.mebibytes} MiB of float32, one thread, GB/s of one of them; load "
             f"{os.getloadavg()[0]:.1f} at the start. Target: >= 8 in memory, >= 9x h5diff.", "",
             "| what | memcpy | memcmp | fingerprints | in memory | out of traces | h5diff | cmp -l | numpy "
             "| of h5diff: traces, memory |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory(prefix="elements-", dir=options.build) as folder:
        words = [str(options.build / "bin" / "elements_bench"), "--folder", folder, "--rounds", str(options.rounds),
                 "--mebibytes", str(options.mebibytes)]
        done = subprocess.run(words, stdout=subprocess.PIPE, check=True)
        lines += [row(json.loads(line), options.rounds) for line in done.stdout.splitlines()]
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
