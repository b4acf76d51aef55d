#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_man.py ROOT: status 1 unless the manual page of reproview has exactly the options of the program."""

import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    source = (root / "gui" / "app" / "options.cpp").read_text()
    declared = set(re.findall(r'add_(?:option|flag)\("(--[\w-]+)"', source)) - {"--markdown"}
    declared |= {"--help", "--version"}
    page = (root / "docs" / "man" / "reproview.1").read_text().replace("\\-", "-")
    listed = set(re.findall(r"^\.(?:BI|B|BR) .*?(--[\w-]+)", page, re.M)) - {"--goto."}
    wrong = sorted(declared ^ listed)
    print("\n".join(f"{option}: in {'the program' if option in declared else 'the page'} only" for option in wrong)
          if wrong else "the page has every option")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
