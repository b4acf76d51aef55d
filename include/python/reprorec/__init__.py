# SPDX-License-Identifier: BSD-3-Clause
"""What a script may tell the recorder. Unless the script runs under `reprorec`, each call here does nothing.

    import reprorec

    for number, batch in enumerate(loader):
        reprorec.step(number)
        loss = train(batch)
        reprorec.watch("loss", loss)
    with reprorec.pause():
        evaluate()

Threads: all of it is safe from any thread; `pause` is of the thread that is in it.
"""

import contextlib

__all__ = ["active", "pause", "step", "watch"]

_recorder = None  # set by the recorder


def active():
    """Whether this script is being recorded. True once both torch and this package were imported."""
    return _recorder is not None


def step(number):
    """The step with this number, from 0, begins. Overrides the steps that reprorec finds by itself."""
    number = int(number)
    if number < 0:
        raise ValueError(f"reprorec.step: {number} is negative")
    if _recorder is not None:
        _recorder.mark_step(number)


def watch(name, tensor):
    """Records the contents of a tensor under a name, wherever it came from."""
    if not hasattr(tensor, "_cdata"):
        raise TypeError(f"reprorec.watch: {name} is a {type(tensor).__name__}, not a tensor")
    if _recorder is not None:
        _recorder.mark_watch(str(name), tensor, tensor._cdata)


@contextlib.contextmanager
def pause():
    """Nothing that this thread does within is recorded."""
    if _recorder is None:
        yield
        return
    recorder = _recorder
    recorder.mark_pause(True)
    try:
        yield
    finally:
        recorder.mark_pause(False)
