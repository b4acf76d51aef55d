#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Builds a program that says its own lines in every way that people build, records it, and counts which lines are right.

Needs build/dev. Prints a Markdown table; ends with 1 where one line is wrong. What has no debugging information has no
line, which is not wrong.
"""

import argparse
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = "says_lines"


def commands_of(build):
    """How the build compiles and links the program."""
    lines = subprocess.run(["ninja", "-C", str(build / "build"), "-t", "commands", PROGRAM], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    compile_line = next(line for line in lines if line.endswith(f"{PROGRAM}.cpp"))
    link_line = next(line for line in lines if f"-o {build}/programs/{PROGRAM} " in line)
    return compile_line, link_line.removeprefix(": && ").removesuffix(" && :")


def build_as(build, compiler, flags, output):
    compile_line, link_line = commands_of(build)
    words = shlex.split(compile_line)
    words = words[next(i for i, word in enumerate(words) if word.endswith("c++")) + 1:]
    includes = [word for i, word in enumerate(words)
                if word.startswith(("-I", "-D", "-std")) or word == "-isystem" or (i and words[i - 1] == "-isystem")]
    made = output.with_suffix(".o")
    subprocess.run([compiler, *includes, *flags, "-fPIE", "-w", "-c", str(SOURCE / f"tests/programs/{PROGRAM}.cpp"),
                    "-o", str(made)], check=True)
    link = [compiler if word.endswith("/c++") else str(made) if word.endswith(".cpp.o") else word
            for word in shlex.split(link_line)]
    link[link.index("-o") + 1] = str(output)
    subprocess.run(link, cwd=build / "build", check=True)


def count(reprorec, program, folder):
    """How many lines are right, missing and wrong; the wrong ones."""
    trace = folder / "a.h5"
    done = subprocess.run([reprorec, "-q", "-f", "-o", trace, "--", program], check=True, capture_output=True, text=True)
    truth = [(op, int(line)) for op, line in map(str.split, done.stdout.splitlines())]
    listed = subprocess.run([reprorec, "ls", "--nested", "--json", trace], check=True, capture_output=True, text=True)
    said = {op for op, _ in truth}
    events = [event for event in map(json.loads, listed.stdout.splitlines())
              if event["op"] in said and "outermost" in event["flags"]]
    if [event["op"] for event in events] != [op for op, _ in truth]:
        sys.exit(f"{program}: other ops than it says: {[event['op'] for event in events]}")
    right, missing, wrong = 0, 0, []
    for event, (op, line) in zip(events, truth):
        site = event["site"] or {}
        if site.get("line") is None:
            missing += 1
        elif (pathlib.Path(site["file"]).name, site["line"]) == (f"{PROGRAM}.cpp", line):
            right += 1
        else:
            wrong.append(f"{op}: {site['file']}:{site['line']}, not {line}")
    return right, missing, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=SOURCE / "build" / "dev")
    parser.add_argument("--compilers", nargs="+", default=["g++", "clang++-16"])
    arguments = parser.parse_args()
    reprorec = arguments.build.resolve() / "bin" / "reprorec"
    print("| LibTorch | compiler | flags | right | none | wrong |\n|---|---|---|---|---|---|")
    failed = False
    for build in sorted(arguments.build.resolve().glob("torch-*")):
        for compiler in filter(shutil.which, arguments.compilers):
            for flags in [[level, info] for level in ("-O0", "-O2", "-O3") for info in ("-g", "-g1", "-g0")]:
                with tempfile.TemporaryDirectory() as name:
                    folder = pathlib.Path(name)
                    build_as(build, compiler, flags, folder / PROGRAM)
                    right, missing, wrong = count(reprorec, folder / PROGRAM, folder)
                torch = re.sub(r"^torch-", "", build.name)
                print(f"| {torch} | {compiler} | {' '.join(flags)} | {right} | {missing} | {len(wrong)} |", flush=True)
                for line in wrong:
                    print(line, file=sys.stderr)
                failed = failed or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
