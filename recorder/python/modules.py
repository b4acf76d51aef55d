# SPDX-License-Identifier: BSD-3-Clause
"""Calls of torch.nn modules, their names, the names of their parameters, and train() and eval()."""

import ast
import inspect
import textwrap
import weakref

# Of each module that only stands around another one, the attribute that is this other one.
WRAPPERS = {"OptimizedModule": "_orig_mod", "DistributedDataParallel": "module", "DataParallel": "module"}
MOST_ROOTS = 1000  # of one class; a program that makes models in a loop goes on under the last name


def kind_of(module):
    """The name of its class; a module of TorchScript knows that of the class that it was made from."""
    return getattr(module, "original_name", None) or type(module).__name__


def rewritten(function, before, around):
    """The function with a call before its body, and each result, or an exception, through `around`.

    Frames, lines and columns stay what they were, so that tracebacks do, too, and what compiles functions sees one of
    the same file.
    """
    lines, first = inspect.getsourcelines(function)
    tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
    indent = len(lines[0]) - len(lines[0].lstrip())
    ast.increment_lineno(tree, first - 1)
    for node in ast.walk(tree):
        if hasattr(node, "col_offset"):
            node.col_offset += indent
            node.end_col_offset += indent
    start = tree.body[0]

    def placed(code):
        statement = ast.parse(code).body[0]
        for node in ast.walk(statement):
            ast.copy_location(node, start)
        return statement

    class Returns(ast.NodeTransformer):
        def visit_Return(self, node):
            value = node.value or ast.copy_location(ast.Constant(None), node)
            name = ast.copy_location(ast.Name("_leave", ast.Load()), value)
            node.value = ast.copy_location(ast.Call(name, [value], []), value)
            return node

        def visit_FunctionDef(self, node):
            return node

        visit_Lambda = visit_AsyncFunctionDef = visit_FunctionDef

    guarded = placed("try:\n pass\nexcept BaseException:\n _threw(None)\n raise")
    guarded.body = [Returns().visit(statement) for statement in tree.body]
    if not isinstance(tree.body[-1], ast.Return):
        guarded.body.append(placed("return _leave(None)"))
    tree.body = [placed(before), guarded]
    tree.decorator_list = []
    # Within another function, whose arguments it sees: its globals stay those of its file.
    factory = ast.parse("def make(_enter, _leave, _threw): pass").body[0]
    factory.body = [tree, ast.Return(ast.Name(tree.name, ast.Load()))]
    space = {}
    code = compile(ast.fix_missing_locations(ast.Module([factory], [])), inspect.getsourcefile(function), "exec")
    exec(code, function.__globals__, space)
    made = space["make"](*around)
    if hasattr(made.__code__, "co_qualname"):
        made.__code__ = made.__code__.replace(co_qualname=function.__code__.co_qualname)
    for name in ("__qualname__", "__module__", "__doc__", "__defaults__", "__kwdefaults__"):
        setattr(made, name, getattr(function, name))
    made.__annotations__ = dict(function.__annotations__)
    return made


class Names:
    """The modules that were met, each under its path from the root."""

    def __init__(self, bridge):
        self.bridge = bridge
        self.known = {}  # id: (weak reference, path)
        self.roots = {}

    def keep(self, module, path, parent):
        key = id(module)
        if key in self.known and self.known[key][1] == path:
            return

        def gone(reference):
            if self.known.get(key, (None,))[0] is reference:
                del self.known[key]
                self.bridge.forget(key)

        self.known[key] = (weakref.ref(module, gone), path)
        self.bridge.register(key, path, kind_of(module), parent)

    @staticmethod
    def items(module, what):
        """Of `_modules` and the like, which are no dictionaries in modules of TorchScript."""
        try:
            return [(name, item) for name, item in getattr(module, what).items() if item is not None]
        except Exception:
            return []

    def met(self, root):
        self.bridge.look()
        self.walk(root)

    def walk(self, root):
        inner = dict(self.items(root, "_modules")).get(WRAPPERS.get(type(root).__name__))
        if inner is not None:
            if id(inner) not in self.known:
                self.walk(inner)
            self.keep(root, self.known[id(inner)][1] + " (" + type(root).__name__ + ")", "")
            return
        kind = kind_of(root)
        number = self.roots.get(kind, 0)
        self.roots[kind] = min(number + 1, MOST_ROOTS)
        self.tree(root, kind if number == 0 else f"{kind}#{number}", "", set())

    def tree(self, module, path, parent, seen):
        if id(module) in seen:
            return
        seen.add(id(module))
        self.keep(module, path, parent)
        for name, parameter in self.items(module, "_parameters"):
            self.bridge.name(parameter, parameter._cdata, f"{path}.{name}", True)
        for name, buffer in self.items(module, "_buffers"):
            self.bridge.name(buffer, buffer._cdata, f"{path}.{name}", False)
        for name, child in self.items(module, "_modules"):
            self.tree(child, f"{path}.{name}", path, seen)


def install_modules(module_file, bridge):
    module = module_file.Module
    names = Names(bridge)
    bridge.walk_with(names.met)
    call = rewritten(module._wrapped_call_impl, "_enter(self, args, kwargs)",
                     (bridge.enter, bridge.leave, bridge.threw))
    module._wrapped_call_impl = call
    module.__call__ = call
    module.train = rewritten(module.train, "_enter(self, mode)", (bridge.mode, bridge.mode_set, bridge.mode_set))
