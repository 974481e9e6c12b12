#!/usr/bin/env python3
"""Development only: asks a trainer's own argument parser. Heavy packages (torch, diffusers, …) are replaced by empty stand-ins,
so nothing of a trainer but its `add_argument` calls does anything; no line of it is copied.

  freeze-parsers.py FOLDER SCRIPT.py…            one line an option: script|name|kind|default|choices|required|aliases
  freeze-parsers.py --parse FOLDER SCRIPT.py     reads one argument a line on stdin; prints what the parser made of them as JSON,
                                                 or ends with the parser's own error and status 2
"""
import argparse, importlib.abc, importlib.machinery, importlib.util, json, os, sys, types


class Anything:
    """Stands for whatever is asked of a package that is not here."""
    def __init__(self, *a, **k): pass
    def __call__(self, *a, **k): return a[0] if len(a) == 1 and callable(a[0]) and not k else Anything()
    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"): raise AttributeError(name)
        return Anything()
    def __getitem__(self, key): return Anything()
    def __iter__(self): return iter(())
    def __mro_entries__(self, bases): return (type("Base", (), {}),)
    def __or__(self, other): return Anything()
    def __ror__(self, other): return Anything()
    def __lt__(self, other): return False
    def __gt__(self, other): return True
    def __ge__(self, other): return True
    def __hash__(self): return 1
    def __eq__(self, other): return False
    def __truediv__(self, other): return Anything()
    def __mul__(self, other): return Anything()
    def __sub__(self, other): return Anything()
    def __add__(self, other): return Anything()
    def __radd__(self, other): return other


class Stub(types.ModuleType):
    def __getattr__(self, name):
        if name == "__version__": return "99.0"
        if name.startswith("__") and name.endswith("__"): raise AttributeError(name)
        return Anything()


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Comes last: takes what no one else finds."""
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True)
    def create_module(self, spec):
        module = Stub(spec.name); module.__path__ = []; return module
    def exec_module(self, module): pass


class Captured(Exception):
    pass


def parser_of(folder, script):
    """The script's parser; scripts without `setup_parser` are run up to `parse_args`."""
    for name in [n for n in sys.modules if n.split(".")[0] in ("library", "networks", "musubi_tuner", "trained")]: del sys.modules[name]
    path = os.path.join(folder, script)
    spec = importlib.util.spec_from_file_location("trained", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["trained"] = module
    spec.loader.exec_module(module)
    if hasattr(module, "setup_parser"): return module.setup_parser()
    held = []
    def grab(self, *a, **k): held.append(self); raise Captured()
    original, known = argparse.ArgumentParser.parse_args, argparse.ArgumentParser.parse_known_args
    argparse.ArgumentParser.parse_args = grab
    argparse.ArgumentParser.parse_known_args = grab
    try:
        if hasattr(module, "parse_args"): module.parse_args(*([[]] if module.parse_args.__code__.co_argcount else []))
        else: module.main()
    except Captured: pass
    finally: argparse.ArgumentParser.parse_args, argparse.ArgumentParser.parse_known_args = original, known
    return held[0]


def kind(action):
    if action.nargs == 0: return "flag"
    if action.nargs in ("*", "+") or isinstance(action.nargs, int): return "list"
    if action.nargs == "?": return "maybe"
    if action.choices: return "choice"
    if action.type is int: return "int"
    if action.type is float: return "float"
    return "text"


def main():
    argv = sys.argv[1:]
    parse = argv[:1] == ["--parse"]
    if parse: argv = argv[1:]
    folder, scripts = os.path.abspath(argv[0]), argv[1:]
    sys.path.insert(0, folder)
    if os.path.isdir(os.path.join(folder, "src")): sys.path.insert(0, os.path.join(folder, "src"))
    sys.modules["regex"] = __import__("re")
    sys.meta_path.append(Finder())
    for script in scripts:
        parser = parser_of(folder, script)
        if parse:
            parser.prog = script
            print(json.dumps(vars(parser.parse_args(sys.stdin.read().split("\n")[:-1])), default=str, sort_keys=True))
            return
        for action in parser._actions:
            names = [o[2:] for o in action.option_strings if o.startswith("--")]
            if not names or "help" in names: continue
            default = "" if action.default in (None, False, argparse.SUPPRESS) else str(action.default)
            choices = ",".join(str(c) for c in action.choices or ())
            print("|".join([script, names[0], kind(action), default.replace("\n", " ")[:40], choices, "required" if action.required else "", ",".join(names[1:])]))


main()
