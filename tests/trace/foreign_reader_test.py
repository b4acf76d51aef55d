# SPDX-License-Identifier: BSD-3-Clause
"""Reads a sample trace with plain h5py and compares it with FORMAT.md and with what was written."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

PROGRAM, FORMAT = sys.argv[1:3]
TYPES = {"u8": "<u1", "i8": "<i1", "u16": "<u2", "u32": "<u4", "u64": "<u8", "i64": "<i8", "f64": "<f8"}
NONE64 = 2**64 - 1


with open(FORMAT, encoding="utf-8") as page:
    PAGE = page.read()


def documented_columns():
    """Columns of FORMAT.md as {path: type}."""
    columns, table = {}, None
    for line in PAGE.splitlines():
        heading = re.match(r"#+ (?:`(\w+)`)?", line)
        if heading:
            table = heading.group(1)
        row = re.match(r"\| `(\w+)` \| (\w+) \|", line)
        if table and row:
            columns[f"{table}/{row.group(1)}"] = row.group(2)
    return columns


def documented_dtypes():
    rows = re.findall(r"^\| (\d+) \| (\w+) \| (\d+) \|", PAGE, re.M)
    return {int(number): (name, int(size)) for number, name, size in rows}


class ForeignReader(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        path = os.path.join(cls.folder.name, "sample.h5")
        subprocess.run([PROGRAM, path], check=True)
        cls.file = h5py.File(path, "r")

    @classmethod
    def tearDownClass(cls):
        cls.file.close()
        cls.folder.cleanup()

    def column(self, path):
        return self.file[path][()]

    def text(self, number):
        end = self.column("text/end")
        first = 0 if number == 0 else int(end[number - 1])
        return self.column("text/bytes")[first : int(end[number])].tobytes().decode()

    def test_documents_every_column_with_its_type(self):
        found = {}
        for group in self.file.values():
            if isinstance(group, h5py.Group) and group.name != "/payload":
                for column in group.values():
                    found[column.name[1:]] = column.dtype.str.replace("|", "<")
        documented = {path: TYPES[kind] for path, kind in documented_columns().items()}
        self.assertEqual(found, documented)

    def test_documents_every_attribute(self):
        header = PAGE.split("## Header")[1].split("\n## ")[0]
        self.assertEqual(sorted(re.findall(r"^\| `(\w+)`", header, re.M)), sorted(self.file.attrs))

    def test_header(self):
        attributes = self.file.attrs
        self.assertEqual(attributes["format"], b"reprorec")
        self.assertEqual((attributes["version_major"], attributes["version_minor"]), (1, 2))
        self.assertEqual(attributes["program"], b"./train --epochs 2")
        self.assertEqual(attributes["complete"], 1)
        environment = json.loads(self.column("environment").tobytes())
        self.assertEqual(environment["note"], "Grüße")

    def test_events_and_uses(self):
        self.assertEqual(self.column("events/begin").tolist(), [1, 2, 5])
        self.assertEqual(self.column("events/end").tolist(), [4, 3, 0])
        self.assertEqual(self.column("events/step").tolist(), [0, 0, 1])
        self.assertEqual(self.column("events/parent").tolist(), [NONE64, 0, NONE64])
        self.assertEqual(self.column("events/flags").tolist(), [257, 8, 4])
        self.assertEqual(self.column("uses/direction").tolist(), [0, 2, 1])
        op = self.column("events/op")[1]
        self.assertEqual(self.text(self.column("ops/name")[op]), "aten::add")
        self.assertEqual(self.text(self.column("layers/path")[1]), "Net.fc")

    def test_lists(self):
        self.assertEqual(self.column("rng_states/end").tolist(), [3, 3])
        self.assertEqual(self.column("rng_states/bytes").tolist(), [1, 2, 3])
        self.assertEqual(self.column("arguments/bytes").tobytes(), b"\x01\x03" + np.float64(1e-5).tobytes())

    def test_payload_types(self):
        dtypes = documented_dtypes()
        self.assertEqual(sorted(self.file["payload"]), sorted(n for n, size in dtypes.values() if size))
        for name, dataset in self.file["payload"].items():
            self.assertEqual(dataset.attrs["dtype"].decode(), name)
        for name, expected in (("bool", "bool"), ("float16", "float16"), ("float64", "float64"),
                               ("complex64", "complex64"), ("complex128", "complex128"),
                               ("bfloat16", "float32"), ("float8_e4m3fn", "uint8"), ("qint32", "int32")):
            self.assertEqual(str(self.file["payload"][name].dtype), expected)

    def test_payload_contents(self):
        """Every value's elements, made again from their number by the generator of the sample."""
        dtypes = documented_dtypes()
        rows = zip(self.column("values/dtype"), self.column("values/elements"), self.column("values/payload"))
        for number, elements, first in list(rows)[: len(dtypes)]:
            name, size = dtypes[int(number)]
            if int(first) == NONE64:
                self.assertEqual(size, 0)
                continue
            stored = self.file["payload"][name]
            raw = stored[int(first) : int(first) + int(elements)]
            expected = self.contents(int(number), int(elements) * size)
            if name == "bfloat16":
                bits = np.frombuffer(expected, "<u2").astype("<u4") << 16
                np.testing.assert_array_equal(raw, bits.view("<f4"))
            else:
                self.assertEqual(raw.tobytes(), expected, name)

    def test_the_worked_example_prints_what_the_page_says(self):
        code, printed = re.search(r"^```python\n(.*?)^```\n\nprints\n\n```\n(.*?)^```", PAGE, re.M | re.S).groups()
        done = subprocess.run([sys.executable, "-c", code], cwd=os.path.dirname(os.path.dirname(FORMAT)),
                              capture_output=True, text=True, check=True)
        self.assertEqual([line.rstrip() for line in done.stdout.splitlines()], printed.splitlines())

    @staticmethod
    def contents(number, size):
        state = 0x9E3779B97F4A7C15 * (number + 1) % 2**64
        out = bytearray()
        for _ in range(size):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            byte = state >> 56
            out.append(byte & 1 if number == 1 else byte)
        return bytes(out)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
