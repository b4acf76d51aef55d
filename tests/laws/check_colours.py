#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_colours.py ROOT: prints every colour of gui that is written down outside of the theme; status 1 if any."""

import pathlib
import re
import sys

# theme.cpp names them, the tables are maps, colour.cpp knows black and white; the report is a page with a
# style sheet of its own.
HOMES = {"theme.cpp", "colour_tables.h", "colour.cpp", "report.cpp"}
COLOUR = re.compile(
    r"QColor\s*[({]\s*(0x|\d|\"|u\"|QLatin|QStringLiteral)|\bqRgba?\s*\(\s*(0x|\d)"
    r"|#[0-9A-Fa-f]{6}\b|Qt::(black|white|red|green|blue|cyan|magenta|yellow|gray|(dark|light)[A-Z]\w+)\b"
)


def colours(root):
    for path in sorted((root / "gui").rglob("*")):
        if path.suffix in {".h", ".cpp"} and path.name not in HOMES:
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if COLOUR.search(line):
                    yield f"{path.relative_to(root)}:{number}: {line.strip()}: colours come from PlotTheme"


def main():
    found = list(colours(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(found) if found else "all colours are the theme's")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
