# SPDX-License-Identifier: BSD-3-Clause
"""FORMAT.md numbers every kind and flag that trace/model.h has, and names every key of the environment."""

import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
FORMAT = (ROOT / "trace" / "FORMAT.md").read_text()
MODEL = (ROOT / "trace" / "model.h").read_text()
WRITERS = ("recorder/host/environment.cpp", "recorder/host/libraries.cpp", "cli/record_facts.cpp")


def paragraph(beginning):
    """After the table that it belongs to: the first one there that begins so."""
    found = re.search(rf"^{beginning}(.*?)\n\n", FORMAT[FORMAT.index("### `events`"):], re.M | re.S)
    return found[1] if found else ""


def missing_numbers(beginning, count):
    text = paragraph(beginning)
    return [f"{beginning} {number}" for number in range(count) if not re.search(rf"\b{number}\s+\w", text)]


def missing_keys():
    section = FORMAT[FORMAT.index("## Environment"):FORMAT.index("## Journal")]
    keys = {key for path in WRITERS for key in re.findall(r'\b(?:out|facts)\["([a-z_]+)"\]', (ROOT / path).read_text())}
    return [f"environment key {key}" for key in sorted(keys) if f"`{key}`" not in section]


kinds = re.search(r"enum class EventKind[^{]*\{(.*?)\};", MODEL, re.S)[1]
flags = re.search(r"namespace event_flag \{(.*?)\}", MODEL, re.S)[1]
missing = [*missing_numbers("Kinds:", len(re.findall(r"^\s+[A-Z]\w*,", kinds, re.M))),
           *missing_numbers("Flags:", len(re.findall(r"inline constexpr", flags))), *missing_keys()]
if missing:
    sys.exit(f"trace/FORMAT.md lacks: {', '.join(missing)}")
print("FORMAT.md has every kind, flag and key")
