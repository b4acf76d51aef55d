# SPDX-License-Identifier: BSD-3-Clause
"""Who made each batch of a torch.utils.data.DataLoader with workers.

The program's process knows the worker, its seed and the examples. What the worker's generators did it leaves in memory
that a forked worker shares with its parent; of workers that are spawned this is not known.
"""

import array
import collections
import hashlib
import inspect
import mmap
import struct
import sys
import threading
import weakref

DEPTH = 64  # batches of one worker that may be on their way
DIGEST = 16
SLOT = struct.Struct("<Q" + f"{DIGEST}s" * 4)  # 1 + which of the worker's batches; random, numpy before and after it
LONGEST = 1000  # of a list of examples as text


def digest(data):
    return hashlib.blake2b(data, digest_size=DIGEST).digest()


def states():
    """Fingerprints of the generators behind `random` and `numpy.random`; zeros where there is none."""
    found = [bytes(DIGEST), bytes(DIGEST)]
    if "random" in sys.modules:
        found[0] = digest(array.array("L", sys.modules["random"].getstate()[1]).tobytes())
    generator = getattr(sys.modules.get("numpy.random.mtrand"), "_rand", None)
    words = generator._bit_generator.state["state"] if generator is not None else {}
    if "key" in words:
        found[1] = digest(words["key"].tobytes() + int(words["pos"]).to_bytes(4, "little"))
    return found


def text_of(examples):
    if isinstance(examples, (list, tuple)):
        text = ", ".join(str(example) for example in examples if isinstance(example, (int, str)))
    else:
        text = str(examples) if isinstance(examples, (int, str)) else ""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... {digest(text.encode()).hex()}"


class Batches:
    """Of one iterator over a loader."""

    def __init__(self, workers):
        self.examples = {}  # by number of the batch
        self.assigned = 0
        self.sent = [collections.deque() for _ in range(workers)]
        self.arrived = [0] * workers
        self.slots = mmap.mmap(-1, workers * DEPTH * SLOT.size)

    def begin(self):
        self.examples.clear()
        self.assigned = 0
        for queue in self.sent:
            queue.clear()

    def assign(self, tasks):
        """`tasks`: of each batch that is on its way, its worker."""
        for number in range(self.assigned, len(self.examples)):
            if number not in tasks:
                return
            self.sent[tasks[number][0]].append(number)
            self.assigned = number + 1

    def place(self, worker, which):
        return (worker * DEPTH + which % DEPTH) * SLOT.size

    def arrive(self, worker):
        """Its number, its examples, and states before and after it: of random, of numpy, of random, of numpy."""
        number = self.sent[worker].popleft() if self.sent[worker] else None
        which = self.arrived[worker]
        self.arrived[worker] += 1
        written, *found = SLOT.unpack_from(self.slots, self.place(worker, which))
        found = [state.hex() if any(state) else "" for state in found] if written == which + 1 else [""] * 4
        return number, text_of(self.examples.pop(number, "")), found


class Loaders:
    def __init__(self, bridge):
        self.bridge = bridge
        self.of = weakref.WeakKeyDictionary()  # by iterator
        self.newest = None  # in a forked worker: that which it works for
        self.made = 0  # ... and how many batches it has made
        self.open = threading.local()

    def push(self, item):
        self.open.__dict__.setdefault("stack", []).append(item)

    def pop(self):
        return self.open.__dict__.get("stack", [None]).pop()

    def begins(self, iterator, loader):
        if loader.num_workers > 0:
            self.of[iterator] = self.newest = Batches(loader.num_workers)

    def asks(self, iterator):
        batches = self.of.get(iterator)
        if batches is not None:
            if iterator._send_idx == 0:
                batches.begin()
            batches.assign(iterator._task_info)
        self.push(batches and (batches, iterator._send_idx))

    def asked(self, examples):
        place = self.pop()
        if place is not None:
            place[0].examples[place[1]] = examples
        return examples

    def arrives(self, iterator, worker):
        batches = self.of.get(iterator)
        if batches is not None:
            batches.assign(iterator._task_info)
            number, examples, found = batches.arrive(worker)
            self.bridge.batch(-1 if number is None else number, str(worker), str(iterator._base_seed + worker),
                              examples, *found)

    def fetches(self, worker):
        self.push(states() if worker is not None and self.newest is not None else None)

    def fetched(self, result, worker):
        before = self.pop()
        if before is not None:
            SLOT.pack_into(self.newest.slots, self.newest.place(worker.id, self.made), self.made + 1, *before, *states())
            self.made += 1
        return result


def quiet(function):
    """What fails here is not recorded; the program goes on."""

    def called(*arguments):
        try:
            return function(*arguments)
        except Exception:
            return arguments[0]

    return called


def install_loaders(dataloader, bridge):
    multi, single = dataloader._MultiProcessingDataLoaderIter, dataloader._BaseDataLoaderIter
    loaders = Loaders(bridge)
    worker = sys.modules["torch.utils.data._utils.worker"]
    fetch = sys.modules["torch.utils.data._utils.fetch"]
    tells_worker = "worker_idx" in inspect.signature(multi._process_data).parameters  # since 2.6

    def same(result):
        return result

    def begins(iterator, loader):
        bridge.loader_seed(True)
        if tells_worker:
            loaders.begins(iterator, loader)

    def made(result=None):
        bridge.loader_seed(False)
        return result

    single.__init__ = bridge.rewritten(single.__init__, "_enter(self, loader)", (quiet(begins), made, made))
    worker._worker_loop = bridge.rewritten(worker._worker_loop, "_enter(None)", (bridge.loader_worker, same, same))
    if not tells_worker:
        return
    single._next_index = bridge.rewritten(single._next_index, "_enter(self)",
                                          (quiet(loaders.asks), quiet(loaders.asked), lambda _: loaders.pop()))
    multi._process_data = bridge.rewritten(multi._process_data, "_enter(self, worker_idx)",
                                           (quiet(loaders.arrives), same, same))
    for kind in (fetch._MapDatasetFetcher, fetch._IterableDatasetFetcher):
        kind.fetch = bridge.rewritten(
            kind.fetch, "_enter(self)",
            (quiet(lambda _: loaders.fetches(worker._worker_info)),
             quiet(lambda result: loaders.fetched(result, worker._worker_info)),
             quiet(lambda _: loaders.fetched(None, worker._worker_info))))
