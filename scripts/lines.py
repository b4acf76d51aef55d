#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Builds programs that say their own lines and layers in every way that people build, and counts which are right.

Needs build/dev. Prints a Markdown table; ends with 1 where one line or layer is wrong. What has no debugging information
has no line, and fewer layers, which is not wrong.
"""

import argparse
import collections
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[1]


def commands_of(build, name):
    """How the build compiles and links the program."""
    lines = subprocess.run(["ninja", "-C", str(build / "build"), "-t", "commands", name], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    compile_line = next(line for line in lines if line.endswith(f"{name}.cpp"))
    link_line = next(line for line in lines if f"-o {build}/programs/{name} " in line)
    return compile_line, link_line.removeprefix(": && ").removesuffix(" && :")


def build_as(build, compiler, flags, output):
    compile_line, link_line = commands_of(build, output.name)
    words = shlex.split(compile_line)
    words = words[next(i for i, word in enumerate(words) if word.endswith("c++")) + 1:]
    # To clang, LibTorch 1.13 is no C++20.
    words = ["-std=c++17" if "clang" in compiler and word == "-std=c++20" else word for word in words]
    includes = [word for i, word in enumerate(words)
                if word.startswith(("-I", "-D", "-std")) or word == "-isystem" or (i and words[i - 1] == "-isystem")]
    made = output.with_suffix(".o")
    subprocess.run([compiler, *includes, *flags, "-fPIE", "-w", "-c", str(SOURCE / f"tests/programs/{output.name}.cpp"),
                    "-o", str(made)], check=True)
    link = [compiler if word.endswith("/c++") else str(made) if word.endswith(".cpp.o") else word
            for word in shlex.split(link_line)]
    link[link.index("-o") + 1] = str(output)
    subprocess.run(link, cwd=build / "build", check=True)


def recorded(reprorec, program):
    """What the program said of each of its ops, and the events of these."""
    trace = program.with_suffix(".h5")
    done = subprocess.run([reprorec, "-q", "-f", "-o", trace, "--", program], check=True, capture_output=True, text=True)
    truth = [tuple(line.split()) for line in done.stdout.splitlines()]
    listed = subprocess.run([reprorec, "ls", "--nested", "--json", trace], check=True, capture_output=True, text=True)
    said = {op for op, _ in truth}
    events = [event for event in map(json.loads, listed.stdout.splitlines())
              if event["op"] in said and "outermost" in event["flags"]]
    if [event["op"] for event in events] != [op for op, _ in truth]:
        sys.exit(f"{program}: other ops than it says: {[event['op'] for event in events]}")
    return list(zip(events, (said for _, said in truth)))


def line_verdict(event, line):
    site = event["site"] or {}
    if site.get("line") is None:
        return "none"
    return "right" if (pathlib.Path(site["file"]).name, site["line"]) == ("says_lines.cpp", int(line)) else "wrong"


def layer_verdict(event, layer):
    if event["layer"] is None:
        return "right" if layer == "-" else "none"
    if event["layer"] != layer:
        return "wrong"
    return "exact" if "exact-layer" in event["flags"] or "inferred-layer" not in event["flags"] else "inferred"


def count(reprorec, program, verdict):
    """How many of each verdict; says on standard error which are wrong."""
    counts = collections.Counter()
    for event, truth in recorded(reprorec, program):
        counts[verdict(event, truth)] += 1
        if verdict(event, truth) == "wrong":
            print(f"{program.name}: {event['op']} in {event['layer']}, {event['site']}, not {truth}", file=sys.stderr)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=SOURCE / "build" / "dev")
    parser.add_argument("--compilers", nargs="+", default=["g++", "clang++-16"])
    arguments = parser.parse_args()
    reprorec = arguments.build.resolve() / "bin" / "reprorec"
    print("| LibTorch | compiler | flags | lines right | none | wrong | layers exact | inferred | in none | missing | wrong |\n"
          "|---|---|---|---|---|---|---|---|---|---|---|")
    failed = False
    for build in sorted(arguments.build.resolve().glob("torch-*")):
        for compiler in filter(shutil.which, arguments.compilers):
            for flags in [[level, info] for level in ("-O0", "-O2", "-O3") for info in ("-g", "-g1", "-g0")]:
                with tempfile.TemporaryDirectory() as name:
                    programs = [pathlib.Path(name) / program for program in ("says_lines", "says_layers")]
                    for program in programs:
                        build_as(build, compiler, flags, program)
                    lines = count(reprorec, programs[0], line_verdict)
                    layers = count(reprorec, programs[1], layer_verdict)
                cells = [re.sub(r"^torch-", "", build.name), compiler, " ".join(flags), lines["right"], lines["none"],
                         lines["wrong"], layers["exact"], layers["inferred"], layers["right"], layers["none"],
                         layers["wrong"]]
                print("| " + " | ".join(map(str, cells)) + " |", flush=True)
                failed = failed or lines["wrong"] + layers["wrong"] > 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
