"""A command that a text tells a reader to run is a target of the Makefile, and has every variable that it needs."""

import re
from pathlib import Path

import pytest

from mailwarden.domain.refs.resources import PoolRef
from mailwarden.presentation.catalogue.catalogue import Plural, Template
from mailwarden.presentation.catalogue.languages import ENGLISH
from tests.texts import english
from tests.unit.presentation.alerts_of_rules import every_finding

MAKEFILE = (Path(__file__).parents[3] / "Makefile").read_text(encoding="utf-8")
COMMAND = re.compile(r"\bmake ((?:[a-z]+-)*[a-z]+)\b((?: [A-Z_]+=\S+)*)")
# "make" in a sentence is also a word.
WORDS = frozenset({"a", "an", "it", "its", "the", "whole"})


def needed(target: str) -> frozenset[str] | None:
    """The variables that an operator's target refuses to go without; None if there is no such target."""
    rule = re.search(rf"^{target}:.*## operator: .*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    return None if rule is None else frozenset(re.findall(r"\$\(call need,(\w+),", rule[1]))


def commands_in(text: str) -> list[tuple[str, frozenset[str]]]:
    """The targets in a text, with the names of the variables that it gives them."""
    return [
        (target, frozenset(re.findall(r"([A-Z_]+)=", variables)))
        for target, variables in COMMAND.findall(text)
        if target not in WORDS
    ]


def texts_of(template: Template) -> tuple[str, ...]:
    return (template.one, template.other) if isinstance(template, Plural) else (template,)


@pytest.mark.parametrize(("id_", "template"), [*ENGLISH.templates.items()], ids=[*ENGLISH.templates])
def test_a_command_in_a_text_exists_and_has_its_variables(id_: str, template: Template) -> None:
    for text in texts_of(template):
        for target, given in commands_in(text):
            wanted = needed(target)

            assert wanted is not None, f"{id_}: no target {target} of an operator"
            assert given >= wanted, f"{id_}: make {target} needs {sorted(wanted - given)}"


def test_every_target_that_needs_a_variable_says_so_with_an_example() -> None:
    assert needed("release-fight") == frozenset({"POOL"})
    assert ":?" not in MAKEFILE, "the shell's own message has no example: use need"


def test_the_release_of_a_fight_names_the_pool_as_the_tool_takes_it() -> None:
    fights = [finding for finding in every_finding() if finding.rule_id == "MW903" and finding.unknown_reason is None]

    assert fights
    for finding in fights:
        (pool,) = re.findall(r"make release-fight POOL=([^\s`]+)", english(finding.remediation))
        assert PoolRef.from_arn(pool) == finding.subject


def test_the_commands_of_the_texts_are_found() -> None:
    found = {
        target
        for template in ENGLISH.templates.values()
        for text in texts_of(template)
        for target, _ in commands_in(text)
    }

    assert {"start", "undo", "release-budget", "release-fight"} <= found
