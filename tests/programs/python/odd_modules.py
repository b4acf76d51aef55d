# SPDX-License-Identifier: BSD-3-Clause
"""Modules used in the ways that a recorder could disturb; prints what came of each."""

import copy
import inspect
import pickle
import sys
import threading
import traceback
import weakref

import torch
from torch import nn


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(3, 3), nn.Linear(3, 3)

    def forward(self, x):
        return {"sum": self.one(x) + self.two(x), "parts": [x, (x, None)]}


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 3)

    def forward(self, x):
        return torch.relu(self.fc(x))


class Lazy(nn.Module):
    def forward(self, x):
        if not hasattr(self, "fc"):
            self.fc = nn.Linear(x.shape[1], 2)
        return self.fc(x)


class Strict(nn.Module):
    __slots__ = ()

    def __getattr__(self, name):
        return super().__getattr__(name)

    def forward(self, x):
        raise RuntimeError("in forward")


torch.manual_seed(3)
x = torch.ones(2, 3)


def show(what, value):
    print(what, value.sum().item() if isinstance(value, torch.Tensor) else value)


show("dictionary", Pair()(x)["sum"])
plain = Plain()
show("scripted", torch.jit.script(plain)(x))
show("traced", torch.jit.trace(plain, x)(x))
show("symbolic", torch.fx.symbolic_trace(plain)(x))
show("code", torch.fx.symbolic_trace(plain).code)
show("copied", copy.deepcopy(plain)(x))
show("pickled", pickle.loads(pickle.dumps(plain))(x))
show("lazy", Lazy()(x))
show("uninitialized", nn.LazyLinear(2)(x))
show("functional", torch.func.functional_call(plain, dict(plain.named_parameters()), (x,)))
show("vmapped", torch.vmap(plain)(torch.ones(4, 2, 3)))
show("checkpointed", torch.utils.checkpoint.checkpoint(plain, x.requires_grad_(), use_reentrant=False))
show("hooked", [plain.register_forward_hook(lambda module, given, result: result * 2), plain(x.detach())][1])
show("signature", inspect.signature(nn.Module.__call__))
show("signature", inspect.signature(nn.Module.train))
show("source", inspect.getsource(nn.Module._wrapped_call_impl))
show("named", nn.Module.train.__qualname__)
show("hook dictionaries", len(plain._forward_hooks))
show("mode", [module.training for module in Pair().eval().modules()])
try:
    nn.Sequential(nn.Linear(3, 3), Strict())(x)
except RuntimeError:
    traceback.print_exc(file=sys.stdout)
try:
    Plain().train("yes")
except ValueError:
    traceback.print_exc(file=sys.stdout)
try:
    plain()
except TypeError as error:
    show("type error", error)
for _ in range(50):
    Plain()(x)
gone = weakref.ref(Plain())
show("freed", gone() is None)
thread = threading.Thread(target=lambda: show("in a thread", Plain()(x)))
thread.start()
thread.join()


class Called(nn.Linear):
    def __call__(self, value):
        return super().__call__(value) + 1


show("own call", Called(3, 3)(x))
nn.Module.__call__ = lambda self, *values: self.forward(*values)
show("replaced call", Plain()(x))
