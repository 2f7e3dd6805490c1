"""What a function's code reads, found in its source: fields of its environment, and the modules it imports.

Starting from ``functions/<name>/app.py``, calls are followed from function to function within ``mailwarden.bootstrap``,
where the environment is read; imports are followed through the whole package.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from mailwarden.settings.environment import Environment
from tests.infrastructure.templates import ROOT

PACKAGE = "mailwarden"
BOOTSTRAP = "mailwarden.bootstrap"
FIELDS = frozenset(field.name for field in fields(Environment))

type Definition = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module of ours; the names it imports lead to a module, or to a definition in one."""

    definitions: dict[str, ast.stmt]
    imported: dict[str, Definition]


def environment_read(function: str) -> frozenset[str]:
    """The fields of the environment that a function's code reads."""
    read: set[str] = set()
    seen: set[Definition] = set()
    waiting = [target for target in _module(_app(function)).imported.values() if target[0].startswith(BOOTSTRAP)]
    while waiting:
        target = waiting.pop()
        if target in seen:
            continue
        seen.add(target)
        module = _module(_path(target[0]))
        if target[1] in module.imported:
            waiting.append(module.imported[target[1]])
        elif target[1] in module.definitions:
            for node in ast.walk(module.definitions[target[1]]):
                read |= {node.attr} & FIELDS if isinstance(node, ast.Attribute) else set()
                waiting.extend(_referred(node, target[0], module))
    return frozenset(read)


def imports(function: str) -> frozenset[str]:
    """Every module that a function imports, ours and others', at any depth and at any time."""
    found: set[str] = set()
    waiting = [_app(function)]
    while waiting:
        for name in _imports(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.extend([_path(name)] if name.startswith(PACKAGE) else [])
    return frozenset(found)


def _referred(node: ast.AST, name: str, module: Module) -> Iterator[Definition]:
    match node:
        case ast.Name(id=own) if own in module.definitions:
            yield name, own
        case ast.Name(id=other) if other in module.imported:
            yield module.imported[other]
        case ast.Attribute(value=ast.Name(id=alias), attr=attribute) if alias in module.imported:
            package, member = module.imported[alias]
            yield f"{package}.{member}", attribute
        case _:
            pass


@cache
def _module(path: Path) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    definitions: dict[str, ast.stmt] = {}
    for statement in tree.body:
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                definitions[name] = statement
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                definitions[name] = statement
            case _:
                pass
    imported = {
        alias.asname or alias.name: (statement.module, alias.name)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.ImportFrom) and statement.module and statement.module.startswith(BOOTSTRAP)
        for alias in statement.names
    }
    return Module(definitions=definitions, imported=imported)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                # A member of a package of ours may be a module.
                yield from (f"{module}.{alias.name}" for alias in names if _path(f"{module}.{alias.name}").exists())
            case _:
                pass


def _app(function: str) -> Path:
    return ROOT / "functions" / function / "app.py"


def _path(name: str) -> Path:
    """The file of a module of ours; a file that does not exist for another's."""
    path = ROOT.joinpath("layers", "core", *name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
