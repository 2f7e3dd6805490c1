"""What is built of the package is the package, without the texts that nobody reads in Lambda."""

import ast
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from tests.infrastructure.templates import HOME, ROOT, globals_of_functions, template

CORE = ROOT / "layers" / "core"
MODULES = sorted((CORE / "mailwarden").rglob("*.py"))
without_docstrings = cast(
    "Callable[[str], str]", runpy.run_path(str(CORE / "without_docstrings.py"))["without_docstrings"]
)


class Emptied(ast.NodeTransformer):
    """The same tree without texts that stand by themselves; positions are kept."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [
                statement for statement in body if not self._is_text(statement) and not isinstance(statement, ast.Pass)
            ]
            node.body = kept  # type: ignore[attr-defined]
        return node

    @staticmethod
    def _is_text(statement: ast.stmt) -> bool:
        match statement:
            case ast.Expr(value=ast.Constant(value=str())):
                return True
            case _:
                return False


def meaning(source: str) -> str:
    """Everything a module says but its texts, with the line of each part; where a block ends is of no account."""
    tree = Emptied().visit(ast.parse(source))
    for node in ast.walk(tree):
        for position in ("end_lineno", "end_col_offset"):
            if hasattr(node, position):
                setattr(node, position, 0)
    return ast.dump(tree, include_attributes=True)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_a_module_means_the_same_without_its_docstrings_line_by_line(module: Path) -> None:
    source = module.read_text(encoding="utf-8")

    built = without_docstrings(source)

    assert meaning(built) == meaning(source)
    assert len(built.split("\n")) == len(source.split("\n"))
    assert not any(
        isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)
        for node in ast.walk(ast.parse(built))
    )


def test_a_block_that_was_only_a_text_stays_a_block() -> None:
    source = 'class Odd(Exception):\n    """Odd.\n\n    Very."""\n\n\ndef late() -> int:\n    "why"\n    return 1\n'

    built = without_docstrings(source)

    assert built == "class Odd(Exception):\n    pass\n\n\n\n\ndef late() -> int:\n\n    return 1\n"


@pytest.mark.parametrize(("layer", "folder"), [("CoreLayer", "core"), ("DependenciesLayer", "dependencies")])
def test_each_layer_is_built_by_the_makefile_in_its_folder(layer: str, folder: str) -> None:
    resource = template(HOME).resources[layer]
    makefile = (ROOT / "layers" / folder / "Makefile").read_text(encoding="utf-8")

    assert resource["Metadata"]["BuildMethod"] == "makefile"
    assert resource["Properties"]["ContentUri"] == f"layers/{folder}"
    assert f"\nbuild-{layer}:\n" in makefile


def test_the_libraries_are_installed_by_their_hashes_and_for_the_architecture_of_the_functions() -> None:
    makefile = (ROOT / "layers" / "dependencies" / "Makefile").read_text(encoding="utf-8")

    assert "--require-hashes" in makefile
    assert "--platform manylinux2014_aarch64" in makefile
    assert globals_of_functions()["Architectures"] == ["arm64"]
    assert template(HOME).resources["DependenciesLayer"]["Metadata"]["BuildArchitecture"] == "arm64"
