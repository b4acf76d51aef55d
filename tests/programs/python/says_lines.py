# SPDX-License-Identifier: BSD-3-Clause
"""Calls ops from everywhere that Python lets it, and says before each call which op it is, and on which line."""

import functools
import sys
import threading

import torch

x = torch.full((4, 4), 0.5)


def said(op, value=x, above=0):
    """The line that calls this is that of the op, or one `above` it."""
    print(f"aten::{op}", sys._getframe(1).f_lineno - above)
    return value


def plainly():
    return said("relu").relu()


def over_lines(first):
    return torch.mul(
        said("mul", first, 1),
        3,
    )


def generated():
    for value in range(2):
        yield said("sin").sin() if value == 0 else said("cos").cos()


class Squared(torch.autograd.Function):
    @staticmethod
    def forward(context, value):
        return said("square", value).square()

    @staticmethod
    def backward(context, grad):
        return said("hypot", grad).hypot(grad)


class Model(torch.nn.Module):
    def forward(self, value):
        halve = lambda part: said("div", part).div(2)  # noqa: E731
        return halve(value)

    @property
    def own(self):
        return said("neg").neg()


def recursively(depth):
    if depth == 0:
        return said("sigmoid").sigmoid()
    return said("tan", recursively(depth - 1)).tan()


def decorated(function):
    @functools.wraps(function)
    def inner(*values):
        return said("abs", function(*values)).abs()

    return inner


@decorated
def ceiling():
    return said("ceil").ceil()


plainly()
over_lines(x)
list(generated())
[said("exp").exp() for _ in range(2)]
Model()(x)
Model().own
recursively(2)
ceiling()
list(map(lambda value: said("floor", value).floor(), [x, x]))
sorted([3, 1], key=lambda value: said("round").round()[0, 0].item() + value)
functools.partial(torch.erf, said("erf"))()
exec(compile("\n\nsaid('log1p').log1p()", "made_up.py", "exec"))
try:
    said("mm").mm(x)
    raise ValueError
except ValueError:
    said("asin").asin()
with torch.no_grad():
    said("acos").acos()
thread = threading.Thread(target=lambda: said("atan").atan())
thread.start()
thread.join()
leaf = x.clone().requires_grad_()
leaf.register_hook(lambda grad: said("expm1", grad).expm1())
Squared.apply(leaf).sum().backward()
for _ in range(300): said("rsqrt").rsqrt()  # noqa: E701
