"""What is built of a module means the same as the module, line by line, without what nobody reads in Lambda."""

import ast
import io
import json
import runpy
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from tests.infrastructure.templates import ROOT

CORE = ROOT / "layers" / "core"
MODULES = sorted((CORE / "mailwarden").rglob("*.py"))
lean = cast("Callable[[str], str]", runpy.run_path(str(CORE / "lean_source.py"))["lean"])


class Emptied(ast.NodeTransformer):
    """The same tree without texts that stand by themselves, annotations of functions and what freezes a dataclass.

    Lines are kept.
    """

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [
                statement for statement in body if not self._is_text(statement) and not isinstance(statement, ast.Pass)
            ]
            node.body = kept  # type: ignore[attr-defined]
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                node.returns = None
            case ast.arg():
                node.annotation = None
            case ast.Call(func=ast.Name(id="dataclass")):
                node.keywords = [each for each in node.keywords if each.arg not in {"frozen", "unsafe_hash"}]
            case _:
                pass
        return node

    @staticmethod
    def _is_text(statement: ast.stmt) -> bool:
        match statement:
            case ast.Expr(value=ast.Constant(value=str())):
                return True
            case _:
                return False


def meaning(source: str) -> str:
    """Everything a module says but its texts, annotations and refusals, with the line of each part.

    Where a part ends or stands in its line is of no account.
    """
    tree = Emptied().visit(ast.parse(source))
    for node in ast.walk(tree):
        for position in ("col_offset", "end_lineno", "end_col_offset"):
            if hasattr(node, position):
                setattr(node, position, 0)
    return ast.dump(tree, include_attributes=True)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_a_module_means_the_same_line_by_line(module: Path) -> None:
    source = module.read_text(encoding="utf-8")

    built = lean(source)

    assert meaning(built) == meaning(source)
    assert len(built.split("\n")) == len(source.split("\n"))


# Prints what each dataclass of a package does, but for refusing changes.
DATACLASSES = """
import dataclasses, importlib, json, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import mailwarden
made = {}
for module in pkgutil.walk_packages(mailwarden.__path__, "mailwarden."):
    for name, each in vars(importlib.import_module(module.name)).items():
        if isinstance(each, type) and dataclasses.is_dataclass(each) and each.__module__ == module.name:
            code = getattr(each.__hash__, "__code__", None)
            hashed = [code.co_names, code.co_filename] if code else str(each.__hash__)
            made[f"{module.name}.{name}"] = [
                [[f.name, str(f.type), f.compare, f.hash, f.init, f.repr, f.kw_only] for f in dataclasses.fields(each)],
                hashed, list(each.__match_args__), list(each.__dict__.get("__slots__", ())), "__eq__" in vars(each),
            ]
print(json.dumps(made, default=str))
"""


def dataclasses_of(folder: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", DATACLASSES, str(folder)], cwd=folder, capture_output=True, text=True, check=True
    )
    made: dict[str, object] = json.loads(done.stdout)
    return made


def test_every_dataclass_compares_hashes_and_matches_as_in_the_repository(tmp_path: Path) -> None:
    shutil.copytree(CORE / "mailwarden", tmp_path / "mailwarden", ignore=shutil.ignore_patterns("__pycache__"))
    for module in (tmp_path / "mailwarden").rglob("*.py"):
        module.write_text(lean(module.read_text(encoding="utf-8")), encoding="utf-8")

    source, built = dataclasses_of(CORE), dataclasses_of(tmp_path)

    assert len(source) > 400
    assert built == source


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_no_class_of_a_module_spends_a_cold_start_on_refusing_changes(module: Path) -> None:
    assert "frozen=True" not in lean(module.read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_what_nobody_reads_is_gone(module: Path) -> None:
    built = lean(module.read_text(encoding="utf-8"))

    nodes = list(ast.walk(ast.parse(built)))
    assert not [node for node in nodes if isinstance(node, ast.arg) and node.annotation]
    texts = {ast.get_docstring(node) for node in nodes if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)}
    assert texts <= {None, "."}
    assert not [
        token for token in tokenize.generate_tokens(io.StringIO(built).readline) if token.type == tokenize.COMMENT
    ]


@pytest.mark.parametrize(
    ("source", "built"),
    [
        pytest.param(
            'class Odd(Exception):\n    """Odd.\n\n    Very."""\n\n\ndef late():\n    "why"\n    return 1\n',
            "class Odd(Exception):\n    pass\n\n\n\n\ndef late():\n\n    return 1\n",
            id="a block that was only a text stays a block",
        ),
        pytest.param(
            '@dataclass(slots=True)\nclass Mail:\n    """Sent.\n\n    Once."""\n\n    at: int\n',
            '@dataclass(slots=True)\nclass Mail:\n    "."\n\n\n\n    at: int\n',
            id="a dataclass keeps a docstring, or it would make one with each cold start",
        ),
        pytest.param(
            '@dataclass\nclass Nothing:\n    """Nothing."""\n',
            '@dataclass\nclass Nothing:\n    "."\n',
            id="so does one without fields",
        ),
        pytest.param(
            "@dataclass(frozen=True, slots=True)\nclass Mail:\n    at: int\n",
            "@dataclass(unsafe_hash=True, slots=True)\nclass Mail:\n    at: int\n",
            id="a frozen dataclass keeps its hash and no longer refuses changes",
        ),
        pytest.param(
            "@final\n@dataclass(\n    frozen=True,\n    eq=False,\n)\nclass Mail:\n    at: int\n",
            "@final\n@dataclass(\n    frozen=False,\n    eq=False,\n)\nclass Mail:\n    at: int\n",
            id="one that is compared by identity stays hashed by it",
        ),
        pytest.param(
            "@dataclass(frozen=True)\nclass Mail:\n    at: int\n\n    def __hash__(self):\n        return 1\n",
            "@dataclass(frozen=False)\nclass Mail:\n    at: int\n\n    def __hash__(self):\n        return 1\n",
            id="one with a hash of its own keeps that",
        ),
        pytest.param(
            "@dataclass(frozen=False)\nclass Mail:\n    at: int\n",
            "@dataclass(frozen=False)\nclass Mail:\n    at: int\n",
            id="one that was never frozen stays as it is",
        ),
        pytest.param('hash = "# no comment"  # one\n', 'hash = "# no comment"\n', id="a text is no comment"),
        pytest.param(
            "def f[T](*of: T, size: int = 3, **rest: dict[\n    str, T\n]) -> T: ...\n",
            "def f[T](*of, size = 3, **rest\n\n): ...\n",
            id="parameters of every kind lose their annotations",
        ),
        pytest.param(
            "def f(größe: int, ü: int) -> dict[str, int]:\n    return {}\n",
            "def f(größe, ü):\n    return {}\n",
            id="a letter of two bytes moves nothing",
        ),
        pytest.param(
            "def f() -> tuple[\n    int,\n]:\n    return (1,)\n",
            "def f() -> tuple[\n    int,\n]:\n    return (1,)\n",
            id="a result over several lines stays annotated",
        ),
        pytest.param(
            "class Mail:\n    sent: int = 0\n\n    def of(self) -> int:\n        n: int = 1\n        return n\n",
            "class Mail:\n    sent: int = 0\n\n    def of(self):\n        n: int = 1\n        return n\n",
            id="fields keep their annotations, dataclasses read them",
        ),
    ],
)
def test_each_kind(source: str, built: str) -> None:
    assert lean(source) == built
