"""The plan of ``make mutants`` fits the code: it takes too long for every change, and must not rot meanwhile."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers" / "core" / "mailwarden"


def plan(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "tests" / "mutants" / f"{name}.toml").read_text(encoding="utf-8"))


NAMED = plan("named")["mutation"]


@pytest.mark.parametrize("mutation", NAMED, ids=[each["name"] for each in NAMED])
def test_a_mutation_with_a_name_changes_one_place_of_a_module_in_the_scope(mutation: dict[str, str]) -> None:
    text = (PACKAGE / f"{mutation['module']}.py").read_text(encoding="utf-8")

    assert text.count(mutation["before"]) == 1
    assert mutation["after"] != mutation["before"]
    assert mutation["module"] in plan("scope")["modules"]


def test_every_module_and_every_test_of_the_scope_exists() -> None:
    scope = plan("scope")
    tests = [ROOT / named for named in (*scope["tests"], *scope["slow"])]

    assert [str(path) for path in tests if not path.exists()] == []
    assert [name for name in scope["modules"] if not (PACKAGE / f"{name}.py").exists()] == []
