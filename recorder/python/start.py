# SPDX-License-Identifier: BSD-3-Clause
"""Waits for the modules of torch that the recorder wants to change, and changes each when it was imported.

The recorder runs this while `torch._C` is imported, in a program that knows nothing of it.
"""

import atexit
import importlib.util
import sys
import types


class Finder:
    """Finds nothing itself: hands over what the others find, with one more thing to do after it was executed."""

    def __init__(self, installers, bridge):
        self.installers = installers
        self.bridge = bridge

    def find_spec(self, name, path=None, target=None):
        install = self.installers.pop(name, None)
        if install is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_install(module):
            execute(module)
            try:
                install(module, self.bridge)
            except Exception as error:
                self.bridge.say(f"{name}: {type(error).__name__}: {error}")
            if not self.installers:
                sys.meta_path.remove(self)

        spec.loader.exec_module = execute_and_install
        return spec


def teach_frames(learn):
    """Shows the recorder three calls, each within the next, from which it learns what frames look like in memory."""

    def innermost():
        frames = (sys._getframe(0), sys._getframe(1), sys._getframe(2))
        codes = tuple(frame.f_code for frame in frames)
        attributes = tuple((code.co_filename, code.co_qualname, code.co_linetable, code.co_firstlineno)
                           for code in codes)
        return learn(codes, tuple(frame.f_lasti for frame in frames), attributes)

    def middle():
        return innermost()

    return middle()


def install_marks(package, bridge):
    """The package through which a script speaks to the recorder, and not another one of its name."""
    if "_recorder" in vars(package):
        package._recorder = bridge


def start(functions, space):
    """`functions` are the recorder's, by name; `space` has what the other files define."""
    if sys.version_info >= (3, 11):  # before, a line table of another kind
        teach_frames(functions["learn_frames"])
    bridge = types.SimpleNamespace(**functions)
    streams, installers = space["install_streams"](bridge)
    packages = space["Packages"](bridge)
    atexit.register(packages.tell)  # what was imported late

    def look():
        if not packages.told:
            packages.tell()
        streams.look()

    bridge.look = look
    bridge.rewritten = space["rewritten"]
    installers["torch.nn.modules.module"] = space["install_modules"]
    installers["torch.optim.optimizer"] = space["install_optimizers"]
    installers["torch.utils.data.dataloader"] = space["install_loaders"]
    if "reprorec" in sys.modules:
        install_marks(sys.modules["reprorec"], bridge)
    else:
        installers["reprorec"] = install_marks
    sys.meta_path.insert(0, Finder(installers, bridge))
