#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""make_example.py BUILD_TRACE FOLDER: writes the example pair of the viewer, FOLDER/a.h5 and b.h5.

A small network that counts into bins from several threads, trained for six steps. From step 2 on, run B adds
in another order; a copy, an activation and the optimizer hand the difference on, some of it heals.
"""

import pathlib
import subprocess
import sys

import numpy

STEPS, BINS, ITEMS = 6, 12, 96


class Run:
    def __init__(self, other_order):
        self.other_order = other_order
        self.random = numpy.random.default_rng(24)
        self.lines = ['environment {"argv":["./train","--steps","6"],"torch_version":"2.13.0","threads":%d}' % 4]
        self.shapes = {}

    def tensor(self, name, values):
        values = numpy.asarray(values)
        kind = "i64" if values.dtype == numpy.int64 else "f32"
        shape = ",".join(str(size) for size in values.shape)
        digits = ",".join(str(v) if kind == "i64" else "%.9g" % v for v in values.flatten())
        known = self.shapes.get(name) == shape
        self.shapes[name] = shape
        return f"%{name}" + ("" if known else f":{kind}[{shape}]") + f"=({digits})"

    def op(self, name, inputs, outputs, tail=""):
        self.lines.append(f"{name} {' '.join(inputs)} -> {' '.join(outputs)}{tail}")

    def step(self, number, weight):
        lines = self.lines
        lines.append(f"step {number}")
        where = self.random.integers(0, BINS, ITEMS)
        values = self.random.random(ITEMS, numpy.float32)
        lines.append("layer Net NetImpl")
        lines.append("layer Net.histogram HistogramImpl")
        order = numpy.arange(ITEMS)
        if self.other_order and number >= 2:
            order = order[::-1]
        counts = numpy.zeros(BINS, numpy.float32)
        for item in order:
            counts[where[item]] += values[item]
        self.op("index_put_", [self.tensor(f"zero{number}", numpy.zeros(BINS, numpy.float32)) + "!",
                               self.tensor(f"where{number}", where.astype(numpy.int64)),
                               self.tensor(f"values{number}", values)],
                [self.tensor(f"zero{number}", counts)], " | args:T,true threads:4 alerted")
        lines.append("end")
        self.op("clone", [f"%zero{number}"], [self.tensor(f"copy{number}", counts)])
        lines.append("layer Net.scale LinearImpl")
        scaled = counts * weight
        self.op("mul", [f"%copy{number}", self.tensor("weight", weight)], [self.tensor(f"scaled{number}", scaled)])
        lines.append("end")
        lines.append("layer Net.act ReLUImpl")
        active = numpy.maximum(scaled, numpy.float32(0))
        self.op("relu", [f"%scaled{number}"], [self.tensor(f"active{number}", active)])
        bins = numpy.argmax(active.reshape(3, 4), axis=1).astype(numpy.int64)
        self.op("argmax", [f"%active{number}"], [self.tensor(f"best{number}", bins)], " | args:T,1")
        lines.append("end")
        grown = numpy.exp(active * numpy.float32(0.125))
        self.op("exp", [f"%active{number}"], [self.tensor(f"grown{number}", grown)])
        loss = numpy.asarray([grown.sum(dtype=numpy.float32)])
        self.op("sum", [f"%grown{number}"], [self.tensor(f"loss{number}", loss)])
        lines.append("end")
        gradient = (grown * numpy.float32(0.125) * counts * (scaled > 0)).astype(numpy.float32)
        self.op("mul", [f"%grown{number}", f"%copy{number}"], [self.tensor(f"gradient{number}", gradient)],
                " | backward")
        after = (weight - numpy.float32(0.01) * gradient).astype(numpy.float32)
        self.op("add_", ["%weight!", f"%gradient{number}"], [self.tensor("weight", after)],
                " | args:T,T,-0.01 parameter:Net.scale.weight")
        lines.append("optimizer")
        return after

    def text(self):
        weight = (numpy.arange(BINS, dtype=numpy.float32) - 3) / 8
        for number in range(STEPS):
            weight = self.step(number, weight)
        return "\n".join(self.lines) + "\n"


def main():
    build_trace, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, other_order in (("a", False), ("b", True)):
        subprocess.run([build_trace, folder / f"{name}.h5"], input=Run(other_order).text(), text=True, check=True)


if __name__ == "__main__":
    main()
