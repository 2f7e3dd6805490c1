"""The package of the command: its imports are declared, its programs are in it, and nothing of it is in the layer."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailwarden_command.programs import PROGRAMS
from tests.infrastructure.templates import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PLACES = {"mailwarden": ROOT / "layers" / "core", "mailwarden_command": ROOT / "command", "tools": ROOT}
# An import by its distribution, or by the one that brings it.
DISTRIBUTIONS = {"yaml": "pyyaml", "botocore": "boto3", "markupsafe": "jinja2"}
# tools/region_table/ses_regions.py imports it where a contributor writes its list again, and nowhere else.
IN_A_CHECKOUT = frozenset({"cfnlint"})


def file_of(module: str) -> Path | None:
    """The file of a module of ours; None for a name in a module."""
    place = PLACES[module.partition(".")[0]].joinpath(*module.split("."))
    for file in (place.with_suffix(".py"), place / "__init__.py"):
        if file.exists():
            return file
    return None


def imported(file: Path) -> Iterator[str]:
    """The modules that a file imports when it runs; those for type checkers only are left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    typed = {
        id(node)
        for each in ast.walk(tree)
        if isinstance(each, ast.If) and ast.unparse(each.test) == "TYPE_CHECKING"
        for node in ast.walk(each)
    }
    for node in ast.walk(tree):
        if id(node) in typed:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reached(*roots: str) -> tuple[frozenset[str], frozenset[str]]:
    """Everything that these modules lead to: the modules of ours, and the libraries."""
    ours: set[str] = set()
    libraries: set[str] = set()
    waiting = list(roots)
    while waiting:
        module = waiting.pop()
        top = module.partition(".")[0]
        if top in PLACES:
            file = file_of(module)
            if module not in ours and file is not None:
                ours.add(module)
                waiting += imported(file)
        elif top not in sys.stdlib_module_names:
            libraries.add(top)
    return frozenset(ours), frozenset(libraries)


def test_the_libraries_that_the_command_imports_are_those_that_the_project_declares() -> None:
    command = (
        ".".join(path.relative_to(ROOT / "command").with_suffix("").parts) for path in (ROOT / "command").rglob("*.py")
    )
    _, libraries = reached(*command, *(program.module for program in PROGRAMS))

    declared = {re.split("[<>=]", each)[0] for each in PROJECT["project"]["dependencies"]}
    assert {DISTRIBUTIONS.get(name, name) for name in libraries - IN_A_CHECKOUT} == declared


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_program_of_the_command_is_in_the_package(program: object) -> None:
    included = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert included == {"tools": "mailwarden_command/_programs/tools"}
    assert file_of(getattr(program, "module", "")) is not None


def test_nothing_of_the_functions_leads_to_the_command() -> None:
    modules = (
        ".".join(path.relative_to(ROOT / "layers" / "core").with_suffix("").parts)
        for path in (ROOT / "layers" / "core" / "mailwarden").rglob("*.py")
    )

    ours, _ = reached(*modules)

    assert {module.partition(".")[0] for module in ours} == {"mailwarden"}
