#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Measures what recording costs and prints one Markdown table, beside the targets.

Bare and recorded runs alternate in one go, so that whatever else the machine does hits both. A ratio is
of the medians; in brackets, of the minima. No time is ever judged; a wrong result ends the benchmark.
"""

import argparse
import dataclasses
import datetime
import json
import math
import os
import pathlib
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

from measured_run import run

SECTIONS = ["mlp", "resnet", "transformer", "full", "memory"]


@dataclasses.dataclass
class Program:
    what: str
    name: str
    targets: dict  # at one thread


REAL_WORK = {"none": "<= 1.06x", "top": "<= 1.12x", "paused": "<= 1.02x"}
TINY_OPS = {"none": "<= 1.5x", "top": "<= 1.8x", "paused": "<= 1.02x"}
PROGRAMS = {
    "mlp": Program("tiny MLP", "bench_mlp", TINY_OPS),
    "resnet": Program("ResNet-18", "bench_resnet", REAL_WORK),
    "transformer": Program("transformer block", "bench_transformer", REAL_WORK),
}
# What is recorded how: words for reprorec, words for the program.
RECORDINGS = {
    "none": (["--verify-inputs", "none"], []),
    "top": (["--verify-inputs", "top"], []),
    "no sites": (["--verify-inputs", "top", "--sites", "none"], []),
    "no journal": (["--verify-inputs", "top", "--no-journal"], []),
    "paused": (["--verify-inputs", "top"], ["--paused"]),
}
TITLES = {"none": "`--verify-inputs none`", "top": "`--verify-inputs top`",
          "no sites": "`--sites none`", "no journal": "`--no-journal`", "paused": "loaded, but paused"}


@dataclasses.dataclass
class Row:
    what: str
    torch: str
    threads: str
    result: str
    target: str
    detail: str


class Bench:
    """One LibTorch, one folder for its traces."""

    def __init__(self, options, torch, folder):
        self.options, self.torch, self.folder = options, torch, pathlib.Path(folder)
        self.reprorec = str(options.build / "bin" / "reprorec")

    def program(self, name):
        path = self.options.build / f"torch-{self.torch}" / "bench" / name
        if not path.exists():
            sys.exit(f"overhead.py: {path}: not there; build the target torch-{self.torch}")
        return str(path)

    def trace(self, label):
        return self.folder / f"{label}.h5"

    def recorded(self, label, options, words):
        return [self.reprorec, "-q", "-f", "-o", str(self.trace(label)), *options, "--", *words]

    def info(self, label):
        """Counts of a recording, with `file_bytes`."""
        path = self.trace(label)
        words = [self.reprorec, "info", "--json", str(path)]
        report = json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout)
        header = report["header"]
        if not header["complete"] or header["gaps"] or header["drops"]:
            sys.exit(f"overhead.py: {path} is not whole: {header}")
        return {**report["counts"], "file_bytes": path.stat().st_size}

    def alternate(self, contenders, threads):
        """Seconds of each contender in each round; who begins a round changes with the round."""
        names = list(contenders)
        seconds, finals = {name: [] for name in names}, set()
        for number in range(self.options.rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                result = run(contenders[name], self.folder, threads)
                seconds[name].append(result.seconds)
                finals.add(result.final)
        if len(finals) != 1:
            sys.exit(f"overhead.py: recorded and bare end with other weights: {contenders['bare']}: {finals}")
        return seconds

    def per_step(self, options, program, threads, steps):
        """Counts of what one step adds to a recording, set-up and warm-up not counted."""
        counts = []
        for number in (1, 1 + steps):
            words = self.recorded("count", options, self.words(program, threads, number))
            run(words, self.folder, threads)
            counts.append(self.info("count"))
        return {key: (counts[1][key] - counts[0][key]) / steps for key in counts[0]}

    def words(self, program, threads, steps):
        return [self.program(program.name), "--steps", str(steps), "--threads", str(threads)]

    def steps_for(self, program, threads):
        """So many that a bare run takes about the time that was asked for, whatever the BLAS."""
        tried = run(self.words(program, threads, 3), self.folder, threads).seconds / 3
        return max(2, math.ceil(self.options.seconds / tried))

    def training(self, program, threads):
        steps = self.steps_for(program, threads)
        words = self.words(program, threads, steps)
        contenders = {"bare": words}
        for name, (options, more) in RECORDINGS.items():
            contenders[name] = self.recorded(name, options, words + more)
        say(f"{self.torch}: {program.what}, {threads} thread(s), {steps} steps")
        seconds = self.alternate(contenders, threads)
        for name in RECORDINGS:
            yield Row(f"{program.what}, {TITLES[name]}", self.torch, str(threads),
                      ratio(seconds[name], seconds["bare"]),
                      program.targets.get(name, "") if threads == 1 else "",
                      self.detail(name, program, threads, steps, seconds))
        for without, what, target in (("no sites", "knowing sites and layers", "<= +4 %"), ("no journal", "the journal", "")):
            added = [(a - b) / c for a, b, c in zip(seconds["top"], seconds[without], seconds["bare"])]
            yield Row(f"{program.what}, what {what} adds", self.torch, str(threads),
                      f"{statistics.median(added):+.1%} of bare", target if threads == 1 else "",
                      f"{min(added):+.1%} to {max(added):+.1%} in {len(added)} rounds")

    def detail(self, name, program, threads, steps, seconds):
        bare = f"bare {milliseconds(seconds['bare'], steps)} a step"
        if name == "paused":
            return bare
        events = self.per_step(RECORDINGS[name][0], program, threads, min(10, steps))["events"]
        counts = self.info(name)
        rate = events * steps / statistics.median(seconds[name])
        return (f"{bare}; {events:.0f} events a step, {rate:,.0f} events/s; "
                f"{counts['file_bytes'] / counts['values']:.1f} bytes a value, "
                f"{counts['file_bytes'] / counts['events']:.1f} an event")

    def full_capture(self, threads):
        """Against a run that copies the bytes that the trace keeps, and does nothing else with them."""
        program, steps = PROGRAMS["resnet"], self.options.captured_steps
        options = ["--capture", "full"]
        payload = int(self.per_step(options, program, threads, steps)["payload_bytes"])
        words = self.words(program, threads, steps)
        contenders = {"bare": words, "copying": [*words, "--copy", str(payload)],
                      "full": self.recorded("full", options, words)}
        say(f"{self.torch}: {program.what}, everything captured, {threads} thread(s)")
        seconds = self.alternate(contenders, threads)
        rate = payload * steps / statistics.median(seconds["full"])
        yield Row(f"{program.what}, `--capture full`, of a run that copies", self.torch, str(threads),
                  ratio(seconds["full"], seconds["copying"]), "<= 1.3x, or the disk's speed",
                  f"of bare {ratio(seconds['full'], seconds['bare'])}; {megabytes(payload)} a step, "
                  f"{megabytes(rate)}/s; the disk takes {megabytes(self.disk_speed(payload))}/s")

    def disk_speed(self, size):
        """Bytes a second that plain writes of so many bytes reach, until they are on the disk."""
        piece = os.urandom(1 << 20)
        start = time.monotonic()
        with open(self.folder / "disk", "wb") as file:
            for _ in range(max(1, size >> 20)):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            written = file.tell()
        return written / (time.monotonic() - start)

    def memory(self, events):
        say(f"{self.torch}: memory at {events:,} events")
        words = [self.program("bench_tiny_ops"), "--events", str(events)]
        bare = run(words, self.folder, watch_memory=True)
        recorded = run(self.recorded("memory", [], words), self.folder, watch_memory=True)
        if recorded.final != bare.final:
            sys.exit("overhead.py: the recorded tiny ops end with another sum than the bare ones")
        counts = self.info("memory")
        rate = counts["events"] / recorded.seconds
        yield Row(f"largest memory at {events:,} events", self.torch, "1",
                  f"collector {mebibytes(recorded.root_kib)}, host {mebibytes(recorded.children_kib)}",
                  "bounded, whatever the length",
                  f"host bare {mebibytes(bare.root_kib)}; {rate:,.0f} events/s "
                  f"(bare {events / bare.seconds:,.0f} ops/s); "
                  f"{counts['file_bytes'] / counts['values']:.1f} bytes a value")

    def rows(self):
        for section, program in PROGRAMS.items():
            for threads in self.options.threads if section in self.options.only else []:
                yield from self.training(program, threads)
        if "full" in self.options.only:
            for threads in self.options.threads:
                yield from self.full_capture(threads)
        if "memory" in self.options.only:
            for events in self.options.events:
                yield from self.memory(events)


def say(text):
    print(f"overhead.py: {text}", file=sys.stderr, flush=True)


def ratio(seconds, to):
    return f"{statistics.median(seconds) / statistics.median(to):.2f}x ({min(seconds) / min(to):.2f}x)"


def milliseconds(seconds, steps):
    return f"{statistics.median(seconds) / steps * 1000:.3g} ms"


def megabytes(size):
    return f"{size / 1e6:,.1f} MB"


def mebibytes(kib):
    return f"{kib / 1024:,.0f} MiB"


def cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def heading(options):
    now = datetime.datetime.now(datetime.timezone.utc)
    yield (f"{now:%Y-%m-%d %H:%M} UTC, {cpu_model()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} "
           f"at the start; {options.rounds} rounds. Ratios are of the medians, in brackets of the minima.")
    yield f"Made by `{shlex.join([pathlib.Path(sys.argv[0]).name, *sys.argv[1:]])}`."
    yield ""
    yield "| what | LibTorch | threads | measured | target | in detail |"
    yield "|---|---|---|---|---|---|"


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, help="the build folder")
    parser.add_argument("--torch", action="append", default=[], help="2.13; default: each of the build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=2, help="that a bare run should take")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS)
    parser.add_argument("--long", action="store_true", help="memory at 20 million events, too")
    parser.add_argument("--smoke", action="store_true", help="few steps, once: only shows that it works")
    options = parser.parse_args()
    options.build = pathlib.Path(options.build).resolve()
    found = [path.name.removeprefix("torch-") for path in sorted(options.build.glob("torch-*"))]
    options.torch = options.torch or found
    options.events = [1_000_000, 20_000_000] if options.long else [1_000_000]
    options.captured_steps = 3
    if options.smoke:
        options.rounds, options.threads, options.seconds = 1, [1], 0
        options.events, options.captured_steps = [2000], 1
    return options


def main():
    options = parse()
    lines = list(heading(options))
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.build) as folder:
        rows = [row for torch in options.torch for row in Bench(options, torch, folder).rows()]
    for row in rows:
        lines.append("| " + " | ".join(dataclasses.astuple(row)) + " |")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
