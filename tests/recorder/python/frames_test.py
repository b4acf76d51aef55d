# SPDX-License-Identifier: BSD-3-Clause
"""What is read of Python's frames, without the interpreter lock, is what Python says of them.

usage: frames_test.py LIBRARY [unittest options]
"""

import ctypes
import os
import pathlib
import sys
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
held = ctypes.PyDLL(sys.argv[1])  # keeps the lock
free = ctypes.CDLL(sys.argv[1])   # is called without it
held.learn.argtypes = [ctypes.py_object] * 3
free.calls.restype = ctypes.c_char_p

start = {}
exec(compile((ROOT / "recorder" / "python" / "start.py").read_text(), "<reprorec start>", "exec"), start)
learned = start["teach_frames"](held.learn)


def read():
    return free.calls().decode().splitlines()


def truth():
    """Of the caller."""
    frame, found = sys._getframe(1), []
    while frame is not None:
        code = frame.f_code
        file = code.co_filename if code.co_filename[0] in "/<" else os.path.join(os.getcwd(), code.co_filename)
        found.append(f"{file}:{frame.f_lineno} {code.co_qualname}")
        frame = frame.f_back
    return found


class Frames(unittest.TestCase):
    def check(self):
        read_here, true_here = read()[1:], truth()  # without read() itself
        self.assertEqual(read_here, true_here)

    def test_it_was_learned(self):
        self.assertEqual(learned, 1)

    def test_a_method_and_its_callers(self):
        self.check()

    def test_lambdas_generators_and_comprehensions(self):
        (lambda: self.check())()
        list(self.check() for _ in range(2))
        [self.check() for _ in range(2)]
        {None: self.check()}

    def test_functions_that_c_calls_back(self):
        list(map(lambda _: self.check(), [1, 2]))
        sorted([2, 1], key=lambda value: self.check() or value)

        class Item:
            def __lt__(_, other):
                self.check()
                return False

        min(Item(), Item())

    def test_after_an_exception(self):
        try:
            raise ValueError
        except ValueError:
            self.check()
        with self.subTest():
            self.check()

    def test_a_long_function_of_many_lines(self):
        lines = ["def long(check):", "    x = 0"]
        for i in range(400):
            lines += [f"    x = x + {i} * (1 +", "          2)"] if i % 7 else ["", "    check()"]
        space = {}
        exec("\n".join(lines), space)
        space["long"](self.check)

    def test_recursion(self):
        def deeper(depth):
            return self.check() if depth == 0 else deeper(depth - 1)

        deeper(30)
        sys.setrecursionlimit(5000)

        def deepest(depth):
            return len(read()) if depth == 0 else deepest(depth - 1)

        self.assertEqual(deepest(1000), 256)

    def test_in_a_thread(self):
        failures = []

        def run():
            try:
                self.check()
            except AssertionError as error:
                failures.append(error)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_coroutines(self):
        import asyncio

        async def inner():
            self.check()

        async def outer():
            await inner()
            await asyncio.gather(inner(), inner())

        asyncio.run(outer())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
