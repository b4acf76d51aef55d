#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_scorecard.py ROOT: status 1 unless every test that docs/scorecard.md names exists, a row without
one scores at most 1, and the sum is right."""

import pathlib
import re
import sys


def tests(root):
    for path in (root / "tests").rglob("*.cpp"):
        for suite, name in re.findall(r"^(?:TYPED_)?TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", path.read_text(), re.M):
            yield f"{suite}.{name}"
    for path in (root / "tests" / "end_to_end").glob("*_cases.py"):
        for name in re.findall(r"def test_(\w+)\(", path.read_text()):
            yield f"{path.stem.removesuffix('_cases')}.{name}"
    for path in (root / "tests").rglob("CMakeLists.txt"):
        yield from re.findall(r"add_test\(NAME ([\w.]+)", path.read_text())


def mistakes(text, known):
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()
            if re.match(r"\| \d", line)]
    if [int(row[0]) for row in rows] != list(range(1, 41)):
        yield "the rows are not 1 to 40"
    for number, _, score, check, _ in rows:
        named = re.findall(r"`([^`]+)`", check)
        yield from (f"row {number}: there is no test {name}" for name in named if name not in known)
        if int(score) > 1 and not named:
            yield f"row {number}: scores {score} without a test"
    total = sum(int(row[2]) for row in rows)
    if f"Sum: {total} of 120." not in text:
        yield f"the sum is {total}"


def main():
    root = pathlib.Path(sys.argv[1])
    found = list(mistakes((root / "docs" / "scorecard.md").read_text(), set(tests(root))))
    print("\n".join(found) if found else "every row names its tests")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
