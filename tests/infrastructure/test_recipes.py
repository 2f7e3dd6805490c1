"""The recipes of CONTRIBUTING.md are whole and current: their files and checks exist, and every list is in one."""

import re
import shlex
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from mailwarden.domain.findings.channels import CHANNELS
from mailwarden.rules import ALL
from tests.infrastructure.templates import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROLES = ROOT / "tests" / "fakes" / "ledger" / "roles.py"
FOLDERS = ("layers", "command", "functions", "tests", "tools", "docs", "sandbox", "benchmarks", "requirements")
KINDS = frozenset({".py", ".md", ".json", ".yaml", ".toml", ".txt", ".in"})
# A file that names all but so few of them is a list of all that leaves some out on purpose.
SOME = 3
# A rule's number, its name, and the folder of its link, in the place of those of one.
PLACEHOLDERS = (("NNN", "???"), ("bad_pattern", "*"), ("<link>", "*"))


def recipe(title: str) -> str:
    """One section of the page."""
    _, _, after = PAGE.partition(f"\n## {title}\n")
    assert after, f"CONTRIBUTING.md has no section {title!r}"
    return after.partition("\n## ")[0]


@cache
def texts() -> dict[str, str]:
    """Every file of the repository that people write, by its path; the changelog and the decisions tell of the past."""
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*")]
    written = [file for file in (*files, *ROOT.glob("*")) if file.suffix in KINDS and file.is_file()]
    paths = {str(file.relative_to(ROOT)): file for file in written if ".aws-sam" not in file.parts}
    return {
        path: file.read_text(encoding="utf-8")
        for path, file in paths.items()
        if not path.startswith("docs/adr/") and path != "CHANGELOG.md"
    }


def naming_all(names: frozenset[str], found_in: Callable[[str], frozenset[str]]) -> Iterator[str]:
    """The files that list all of these names, or all but some."""
    return (path for path, text in texts().items() if len(names - found_in(text)) <= min(SOME, len(names) // 10))


def test_a_file_that_lists_all_rules_is_in_the_recipe_of_a_rule() -> None:
    ids = frozenset(rule.rule_id.lower() for rule in ALL)

    lists = set(naming_all(ids, lambda text: frozenset(re.findall(r"mw\d{3}", text.lower()))))

    left_out = sorted(path for path in lists if path not in recipe("Add a rule"))
    assert len(lists) > 5
    assert not left_out, f"a rule has to be added to these: name them under 'Add a rule' in CONTRIBUTING.md: {left_out}"


def test_a_file_that_lists_all_channels_is_in_the_recipe_of_a_channel() -> None:
    names = {name: re.compile(rf"(?<![\w-]){name}(?![\w-])") for name in CHANNELS}

    lists = set(
        naming_all(frozenset(names), lambda text: frozenset(name for name, word in names.items() if word.search(text)))
    )

    left_out = sorted(path for path in lists if path not in recipe("Add a channel"))
    assert len(lists) > 3
    assert not left_out, f"a channel has to be added to these: name them in its recipe in CONTRIBUTING.md: {left_out}"


def test_a_file_that_lists_all_roles_of_the_ledger_is_in_the_recipe_of_a_port() -> None:
    roles = frozenset(re.findall(r"def (\w+)\(self\)", ROLES.read_text(encoding="utf-8")))

    lists = set(naming_all(roles, lambda text: frozenset(re.findall(r"\w+", text))))

    left_out = sorted(path for path in lists if path not in recipe("Add a port"))
    assert len(lists) > 2
    assert not left_out, f"a role has to be added to these: name them in its recipe in CONTRIBUTING.md: {left_out}"


def commands() -> list[str]:
    """What the page lets run, line by line of its code blocks."""
    blocks = re.findall(r"^ *```\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("command", commands())
def test_a_check_runs_in_an_environment_of_ours_and_finds_its_tests(command: str) -> None:
    program, *words = shlex.split(command)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    environment = program.partition("/")[0]
    named = [word for word in words if "/" in word]

    assert f"{environment}/ready:" in makefile, f"the Makefile sets up no {environment}"
    assert named
    gone = [path for path in named if not (ROOT / path).exists()]
    assert not gone, f"name tests that exist in CONTRIBUTING.md: {gone}"
    if "-k" in words:
        wanted = words[words.index("-k") + 1].split(" or ")
        found = "".join(text for path, text in texts().items() if path.startswith(tuple(named)))
        # A case of a rule has its id in the name of the test; the others are names of tests.
        unknown = [word for word in wanted if word != "MWNNN" and not re.search(rf"def test_\w*{word}", found)]
        assert not unknown, f"no test of {named} has these words in its name: {unknown}"


@pytest.mark.parametrize("title", ["Add a rule", "Add a channel", "Add a port"])
def test_a_recipe_names_existing_files_also_those_that_are_named_after_what_is_added(title: str) -> None:
    named = [path for path in re.findall(r"`([\w./<>-]+/[\w.<>-]*)`", recipe(title)) if not path.startswith("MW")]

    def exists(path: str) -> bool:
        for placeholder, pattern in PLACEHOLDERS:
            path = path.replace(placeholder, pattern)
        return any(True for _ in ROOT.glob(path.rstrip("/")))

    assert len(named) > 10
    assert [path for path in named if not exists(path)] == [], f"name files of the repository under {title!r}"


def test_a_recipe_says_how_each_list_is_checked() -> None:
    for title in ("Add a rule", "Add a channel", "Add a port"):
        steps = re.split(r"^\d+\. ", recipe(title), flags=re.MULTILINE)[1:]

        assert sum("```" in step for step in steps) >= len(steps) // 2, f"give more steps of {title!r} a check"
        assert "`make test`" in steps[-1], f"{title!r} ends with make test"
