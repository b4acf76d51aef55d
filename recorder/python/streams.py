# SPDX-License-Identifier: BSD-3-Clause
"""Generators of random numbers that are not torch's: where their states lie, from which the recorder reads them."""

import gc
import sys
import weakref

# Of each kind of NumPy's bit generators, how its state lies in memory.
NUMPY_LAYOUTS = {"MT19937": "mt19937", "PCG64": "pcg64", "PCG64DXSM": "pcg64", "SFC64": "sfc64"}
MOST_STREAMS = 64
SCANS = (1, 8)  # of the times that the program was at a place that comes again: looks for its own generators there


class Streams:
    """Those that are watched. Each is told to the recorder once."""

    def __init__(self, bridge):
        self.bridge = bridge
        self.known = {}  # id: what keeps it alive, or tells that it is gone
        self.numbers = {}
        self.places = 0

    def named(self, kind):
        self.numbers[kind] = self.numbers.get(kind, -1) + 1
        return f"{kind}#{self.numbers[kind]}"

    def watch_random(self, instance, name, is_global):
        """An object of `random.Random`: the state begins after the head of the object."""
        key = id(instance)
        words = instance.getstate()[1]
        if self.bridge.watch_stream(key, name, is_global, "random", key + object.__basicsize__, words[0], words[-1]):
            self.known[key] = weakref.ref(instance, lambda _: self.forget(key))

    def watch_numpy(self, bits, name, is_global):
        """A bit generator, which allows no weak reference: it stays for as long as the program runs."""
        layout = NUMPY_LAYOUTS.get(type(bits).__name__)
        if layout is None:
            return
        words = bits.state["state"]
        first, index = (int(words["key"][0]), words["pos"]) if layout == "mt19937" else (0, 0)
        if self.bridge.watch_stream(id(bits), name, is_global, layout, bits.capsule, first, index):
            self.known[id(bits)] = bits

    def forget(self, key):
        self.known.pop(key, None)
        self.bridge.forget_stream(key)

    def look_at_globals(self):
        """The generators behind the functions of `random` and `numpy.random`, which may be replaced."""
        instance = getattr(sys.modules.get("random"), "_inst", None)
        if instance is not None and id(instance) not in self.known:
            self.watch_random(instance, "random", True)
        state = getattr(sys.modules.get("numpy.random.mtrand"), "_rand", None)
        bits = getattr(state, "_bit_generator", None)
        if bits is not None and id(bits) not in self.known:
            self.watch_numpy(bits, "numpy.random", True)

    def look_for_own(self):
        random_class = getattr(sys.modules.get("random"), "Random", None)
        generator_class = getattr(sys.modules.get("numpy.random"), "Generator", None)
        for item in gc.get_objects():
            if len(self.known) >= MOST_STREAMS:
                return
            if type(item) is generator_class and id(item.bit_generator) not in self.known:
                self.watch_numpy(item.bit_generator, self.named("numpy.random.Generator"), False)
            elif type(item) is random_class and id(item) not in self.known:
                self.watch_random(item, self.named("random.Random"), False)

    def look(self, again=True):
        """`again`: the program is at a place that comes again in each step."""
        try:
            self.look_at_globals()
            self.places += again
            if again and self.places in SCANS:
                self.look_for_own()
        except Exception as error:
            self.bridge.say(f"random numbers of Python are not followed: {type(error).__name__}: {error}")
            self.look = lambda again=True: None


def install_streams(bridge):
    """Returns what watches them, and what does so when a module of them was imported."""
    streams = Streams(bridge)

    def imported(module, _):
        if bridge.seed is not None:
            module.seed(bridge.seed % 2**32)
        streams.look(again=False)

    installers = {}
    for name in ("random", "numpy.random.mtrand"):
        if name in sys.modules:
            imported(sys.modules[name], None)
        else:
            installers[name] = imported
    return streams, installers
