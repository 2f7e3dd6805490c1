"""The house's own rules that no linter knows: one name for one thing, small packages, small files, small ports."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers" / "core" / "mailwarden"
MOST_MODULES = 15
MOST_STORIES = 24
MOST_LINES = 300
MOST_METHODS = 6
# Files of tests that tell one story; none may join them, and whoever shortens one takes it off the list.
LONG_STORIES = frozenset(
    {
        "tests/builders.py",
        "tests/e2e/test_refused_reads.py",
        "tests/functional/ledger/test_reputation.py",
        "tests/functional/slack/test_delivery.py",
        "tests/unit/inbound/test_cloudtrail.py",
        "tests/unit/inbound/test_mail_events.py",
        "tests/unit/operator/test_unsuppress.py",
        "tests/unit/reputation/test_runs.py",
        "tests/unit/rules/strategies.py",
        "tests/unit/service/test_crashes_and_crowds.py",
        "tests/unit/service/test_mail_path_reader.py",
        "tests/unit/service/test_main_job.py",
    }
)
# A folder of tests has a file for each story of one subject, and is read by the names of its files. These have more
# than one can survey; none may join them, and whoever divides one takes it off the list.
WIDE_TEST_FOLDERS = frozenset(
    {
        "tests/e2e",
        "tests/functional/aws",
        "tests/functional/ledger",
        "tests/infrastructure",
        "tests/unit/service",
    }
)


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its path in it."""
    return {
        str(path.relative_to(PACKAGE)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def named(tree: ast.AST) -> Iterator[str]:
    """The public classes and type aliases."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.TypeAlias(name=ast.Name(id=name)) if not name.startswith("_"):
                yield name
            case _:
                continue


def test_a_public_class_or_alias_has_a_name_of_its_own() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path, tree in modules().items():
        for name in named(tree):
            places[name].append(path)

    twice = {name: paths for name, paths in places.items() if len(paths) > 1}
    assert not twice, f"rename all but one of each, or begin the name with _ if only its module uses it: {twice}"


@pytest.mark.parametrize("folder", ["layers", "command", "functions", "tools", "sandbox", "benchmarks"])
def test_no_package_has_more_modules_than_one_can_survey(folder: str) -> None:
    too_wide = sorted(wide(folder, most=MOST_MODULES))
    assert not too_wide, (
        f"more than {MOST_MODULES} modules: move those of one subject into a subfolder, or what you add into the "
        f"module that it belongs to: {too_wide}"
    )


def test_nor_has_a_folder_of_tests_except_a_listed_few() -> None:
    found = wide("tests", most=MOST_STORIES)
    assert not found - WIDE_TEST_FOLDERS, (
        f"more than {MOST_STORIES} modules: move those of one subject into a subfolder: "
        f"{sorted(found - WIDE_TEST_FOLDERS)}"
    )
    assert not WIDE_TEST_FOLDERS - found, f"take off WIDE_TEST_FOLDERS: {sorted(WIDE_TEST_FOLDERS - found)}"


def wide(folder: str, *, most: int) -> set[str]:
    """The folders in a folder that have more modules than one can survey."""
    sizes = Counter(str(Path(path).parent) for path in lengths(folder) if not path.endswith("__init__.py"))
    return {package for package, size in sizes.items() if size > most}


def lengths(folder: str) -> dict[str, int]:
    """The lines of every file of a folder."""
    return {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sorted((ROOT / folder).rglob("*.py"))
        if ".aws-sam" not in path.parts
    }


@pytest.mark.parametrize("folder", ["layers", "command", "functions", "tools", "sandbox", "benchmarks"])
def test_no_file_is_longer_than_one_can_read_at_once(folder: str) -> None:
    too_long = {path: lines for path, lines in lengths(folder).items() if lines > MOST_LINES}
    assert not too_long, f"more than {MOST_LINES} lines: move one subject of each to a module of its own: {too_long}"


def test_nor_is_a_file_of_tests_except_a_listed_few() -> None:
    too_long = {path for path, lines in lengths("tests").items() if lines > MOST_LINES}
    assert not too_long - LONG_STORIES, (
        f"more than {MOST_LINES} lines: move one story of each to a module of its own: "
        f"{sorted(too_long - LONG_STORIES)}"
    )
    assert not LONG_STORIES - too_long, f"take off LONG_STORIES: {sorted(LONG_STORIES - too_long)}"


def protocols() -> Iterator[tuple[str, ast.ClassDef]]:
    """Every port, with its path."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in node.bases):
                yield path, node


def test_no_port_has_more_methods_than_a_role_needs() -> None:
    sizes = {
        f"{path}: {node.name}": sum(isinstance(member, ast.FunctionDef) for member in node.body)
        for path, node in protocols()
    }

    assert len(sizes) > 20
    too_many = {name: methods for name, methods in sizes.items() if methods > MOST_METHODS}
    assert not too_many, f"more than {MOST_METHODS} methods: divide each port by who calls it: {too_many}"


@cache
def implemented() -> frozenset[str]:
    """The ports that a class outside the core says it implements."""
    docstrings = [
        " ".join((ast.get_docstring(node) or "").split()).partition(".")[0]
        for path, tree in modules().items()
        if path.startswith(("adapters/", "bootstrap/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    return frozenset(name for text in docstrings if "mplements" in text for name in re.findall(r"``(\w+)``", text))


@pytest.mark.parametrize(("path", "name"), [(p, node.name) for p, node in protocols() if p.startswith("ports/")])
def test_a_class_outside_the_core_names_the_port_that_it_implements(path: str, name: str) -> None:
    assert name in implemented(), f"no class in adapters/ or bootstrap/ says that it implements ``{name}`` of {path}"


@cache
def collaborators() -> frozenset[str]:
    """The ports and services."""
    services = (name for path, tree in modules().items() if path.startswith("service/") for name in named(tree))
    return frozenset({port.name for _, port in protocols()}.union(services))


def parts_of(node: ast.ClassDef) -> set[str]:
    """The fields of a class that hold a port or a service."""
    return {
        member.target.id
        for member in node.body
        if isinstance(member, ast.AnnAssign)
        and isinstance(member.target, ast.Name)
        and collaborators() & {name.id for name in ast.walk(member.annotation) if isinstance(name, ast.Name)}
    }


@cache
def read_in(tree: ast.AST, *, of_itself: bool) -> set[str]:
    """The attributes that are read of ``self``, or of anything else."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (isinstance(node.value, ast.Name) and node.value.id == "self") is of_itself
    }


def test_every_part_that_a_service_is_given_is_used() -> None:
    of_others = set[str]().union(*(read_in(tree, of_itself=False) for tree in modules().values()))
    given = {
        f"{path}: {node.name}.{part}": part in of_others or part in read_in(node, of_itself=True)
        for path, tree in modules().items()
        if path.startswith(("service/", "inbound/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(isinstance(member, ast.FunctionDef) for member in node.body)
        for part in parts_of(node)
    }

    assert len(given) > 50
    unused = [part for part, used in given.items() if not used]
    assert not unused, f"use these fields, or take them out of the class and of its bootstrap module: {unused}"
