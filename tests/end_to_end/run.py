#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs one end-to-end case, or lists them all.

A case is named <module>.<method>. Those of modules in STRESSED exist once more as
stressed.<module>.<method>: the collector falls behind at random, the ring is the smallest, LibTorch has
four threads. Every recording of every case is checked for gaps in its ordinals.
"""

import argparse
import importlib
import sys
import unittest

import support

MODULES = ["samples", "clean", "builds", "conditions", "layers", "sites", "python", "python_samples", "loaders", "marks",
           "ranks", "reexec", "kinds", "examples", "oath", "endings", "recovery", "interface", "bad_input", "ci", "manual", "cut_off",
           "viewer", "wheel", "torch_tests"]
STRESSED = ["samples", "examples", "oath"]


def cases(module):
    case = importlib.import_module(f"{module}_cases").Cases
    return unittest.defaultTestLoader.getTestCaseNames(case)


def names():
    for module in MODULES:
        for method in cases(module):
            yield f"{module}.{method.removeprefix('test_')}"
    for module in STRESSED:
        for method in cases(module):
            yield f"stressed.{module}.{method.removeprefix('test_')}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--build")
    parser.add_argument("--torch")
    parser.add_argument("name", nargs="?")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(names()))
        return 0
    *stressed, module, method = arguments.name.split(".")
    support.configure(arguments.build, arguments.torch, bool(stressed))
    case = importlib.import_module(f"{module}_cases").Cases(f"test_{method}")
    result = unittest.TextTestRunner(verbosity=2).run(case)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
