# SPDX-License-Identifier: BSD-3-Clause
"""Steps of torch.optim optimizers, and the tensors that each leaves behind."""

import weakref


def tensors_of(optimizer):
    """Each parameter, what is kept for it, and its place."""
    found = []
    parameters = (parameter for group in optimizer.param_groups for parameter in group["params"])
    for item, parameter in enumerate(parameters):
        state = optimizer.state.get(parameter) or {}
        kept = [(str(name), value) for name, value in state.items() if hasattr(value, "_cdata")]
        found.append((parameter, tuple(kept), item))
    return tuple(found)


def install_optimizers(optimizer_file, bridge):
    numbers = weakref.WeakKeyDictionary()

    def before(optimizer, args, kwargs):
        bridge.look()
        bridge.step_begins(numbers.setdefault(optimizer, len(numbers)))

    def after(optimizer, args, kwargs):
        try:
            tensors = tensors_of(optimizer)
        except Exception:  # an optimizer of its own kind: the step is recorded without them
            tensors = ()
        bridge.step_ends(tensors)

    optimizer_file.register_optimizer_step_pre_hook(before)
    optimizer_file.register_optimizer_step_post_hook(after)
