"""SECURITY.md names a test for each threat, and each of them exists."""

import ast
import re
from pathlib import Path

import pytest

from tests.infrastructure.templates import ROOT

ROW = re.compile(r"^\|.*\|$")
TEST = re.compile(r"`(tests/[a-z0-9_/]+\.py)::([a-z0-9_]+|\*)`")
SECTION = (
    (ROOT / "SECURITY.md").read_text(encoding="utf-8").partition("## Threats and their tests")[2].partition("\n## ")[0]
)
ROWS = [line for line in SECTION.splitlines() if ROW.match(line)][2:]
NAMED = sorted(set(TEST.findall(SECTION)))


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_threat_has_a_test() -> None:
    assert len(ROWS) >= 20
    assert [row for row in ROWS if not TEST.search(row.rsplit("|", 2)[1])] == []


def test_every_test_that_is_named_is_one_that_is_looked_for() -> None:
    named = re.findall(r"`([^`]*tests/[^`]*|[^`]*::[^`]*)`", SECTION)

    assert [each for each in named if not TEST.fullmatch(f"`{each}`")] == []


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_that_covers_a_threat_exists(file: str, name: str) -> None:
    found = names_in(ROOT / file)

    assert found if name == "*" else name in found


@pytest.mark.parametrize("words", ["untag a pool", "untag an identity", "write the settings", "invoke `operate`"])
def test_the_rights_that_equal_more_than_they_look_are_named(words: str) -> None:
    assert words in SECTION
