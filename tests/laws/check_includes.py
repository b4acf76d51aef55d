#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_includes.py ROOT: prints every #include that breaks a law of ARCHITECTURE.md; status 1 if any."""

import pathlib
import re
import sys

TORCH = r"(torch|ATen|c10|caffe2)/"
QT = r"Q[A-Za-z]*(/|$)"
HDF5 = r"(hdf5\.h|H5)"

# A folder, the part of it that is excepted, what may not be included there, and the law's words.
LAWS = [
    ("trace", None, TORCH, "trace includes no torch"),
    ("trace", None, QT, "trace includes no Qt"),
    ("trace", None, r"(recorder|replay|symbols|cli|gui)/", "trace includes no other room"),
    ("symbols", None, TORCH, "symbols includes no torch"),
    ("symbols", None, QT, "symbols includes no Qt"),
    ("symbols", None, r"(trace/(?!xxh3\.h)|recorder/|replay/|cli/|gui/)", "symbols knows of trace the hash alone"),
    *[(folder, None, r"(symbols/(?!client\.h|answer\.h)|elfutils/|dwarf\.h)", "symbols are read in their own process")
      for folder in ("recorder", "replay", "cli", "gui")],
    ("replay", "replay/exec", TORCH, "replay includes no torch, but in replay/exec"),
    ("replay", None, QT, "replay includes no Qt"),
    ("replay", None, r"(recorder|cli|gui)/", "recorder and replay never include each other"),
    ("recorder", None, r"(replay|cli|gui)/", "recorder and replay never include each other"),
    ("recorder/preload", None, TORCH, "the preload stub has no dependencies"),
    ("recorder/host", None, r"(filesystem|fstream)$", "no code of libstdc++ may grow what the recorder's heap holds"),
    ("recorder/host/stack", None, TORCH, "the walk of a stack knows no LibTorch"),
    ("recorder/wire", None, TORCH, "the wire has no dependencies"),
    ("gui", None, TORCH, "gui includes no torch"),
    ("gui/jobs", None, r"(trace|replay|recorder|cli)/", "gui/jobs runs what it is given"),
    ("gui/plot", None, r"(trace|replay|recorder|cli|gui/(?!plot/|jobs/))", "gui/plot paints plain data"),
    ("samples", None, r"(trace|recorder|replay|cli|gui)/", "samples know reprorec/reprorec.h alone"),
    ("include", None, r"(trace|recorder|replay|cli|gui)/", "the public header stands alone"),
]
# Rooms of a folder from the ground up: an include stays in its room or points down. "" is the folder itself.
FLOORS = {
    "replay": ["result", "knowledge", "numbers", "run", "filter", "align", "provenance", "cause", "classify", "", "reexec",
               "exec", "report"],
    "gui": ["jobs", "viewmodel", "plot", "panes", "window", "app"],
    "gui/plot": ["kit", "lineage", "charts", "tensor", "map"],
}
# HDF5 stays inside the sources of trace, wherever the tools are.
HDF5_ROOMS = ["recorder", "symbols", "replay", "cli", "gui", "samples"]
SOURCES = {".h", ".c", ".cpp", ".def"}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def includes(folder):
    for path in sorted(folder.rglob("*")):
        if path.suffix in SOURCES:
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                match = INCLUDE.match(line)
                if match:
                    yield path, number, match.group(1)


def upward(root):
    for folder, rooms in FLOORS.items():
        def floor(place):
            room = pathlib.PurePath(place).relative_to(folder).parts[:-1][:1]
            return rooms.index(room[0] if room else "")

        for path, number, included in includes(root / folder):
            if included.startswith(f"{folder}/") and floor(included) > floor(path.relative_to(root)):
                yield f"{path.relative_to(root)}:{number}: includes {included}: includes point down only"


def violations(root):
    yield from upward(root)
    for folder, excepted, forbidden, words in LAWS:
        for path, number, included in includes(root / folder):
            inside = excepted and (root / excepted) in path.parents
            if not inside and re.match(forbidden, included):
                yield f"{path.relative_to(root)}:{number}: includes {included}: {words}"
    for folder in HDF5_ROOMS:
        for path, number, included in includes(root / folder):
            if re.match(HDF5, included):
                yield f"{path.relative_to(root)}:{number}: includes {included}: HDF5 stays inside trace"
    for path, number, included in includes(root / "trace"):
        if path.parent != root / "trace" / "hdf5" and re.match(HDF5, included):
            yield f"{path.relative_to(root)}:{number}: includes {included}: HDF5 stays inside trace/hdf5"


def main():
    found = list(violations(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(found) if found else "the laws are kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
