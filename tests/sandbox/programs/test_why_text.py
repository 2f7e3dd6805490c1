"""The answer as an operator reads it: whole texts, as they are printed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailwarden.documents.faults import missing
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.presentation.answers.misunderstood import misunderstood
from tests.fakes import answers
from tests.fakes.answers import JANE, told
from tests.sandbox.programs.whole_words import assert_whole_words
from tools.screen.terminal import WIDTH
from tools.screen.why_text import why_text

TEXTS = Path(__file__).parent / "texts"

ANSWERS: dict[str, Callable[[], dict[str, Any]]] = {
    "sound-pool": lambda: told(answers.sound()),
    "missing-grant": lambda: told(answers.missing_grant()),
    "missing-grant-that-is-repaired": lambda: told(answers.missing_grant(RepairMode.SAFE)),
    "suppressed-address": lambda: told(answers.noticed(), answers.listed(), address=JANE),
    "address-that-is-not-suppressed": lambda: told(answers.sound(), address=JANE),
    "pool-of-a-stack": lambda: told(answers.owned_by_stack()),
    "default-sender": lambda: told(answers.default_sender(), address=JANE),
    "custom-sender": lambda: told(answers.custom_sender(), address=JANE),
    "not-known": lambda: told(answers.refused(), answers.unreadable_lists(), address=JANE),
    "no-such-pool": lambda: told(answers.sound(), pool_id="eu-west-1_Nowhere"),
    "pool-that-may-not-be-read": lambda: told(answers.refused_regions()),
    "not-understood": lambda: misunderstood("why", missing("question.why"), member="problem"),
}


def printed(document: dict[str, Any], width: int = WIDTH) -> str:
    return "".join(f"{line.plain}\n" for line in why_text(document, width=width))


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_printed_as_it_is_written_down(name: str) -> None:
    text = printed(ANSWERS[name]())

    assert text == (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


def test_every_text_that_is_written_down_is_printed() -> None:
    assert {path.stem for path in TEXTS.glob("*.txt")} == set(ANSWERS)


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("name", ANSWERS)
def test_no_word_is_broken_and_only_a_single_word_is_wider_than_the_terminal(name: str, width: int) -> None:
    document = ANSWERS[name]()

    text = printed(document, width)

    # A snippet is copied: its lines are printed as they are.
    for code in codes_of(document):
        assert all(f"      {line}\n" in text for line in code.splitlines())
    within = {f"      {line}" for code in codes_of(document) for line in code.splitlines()}
    prose = "".join(f"{line}\n" for line in text.splitlines() if line not in within)
    assert_whole_words(prose, sentences_of(document), width=width)


def codes_of(document: dict[str, Any]) -> list[str]:
    sources = [finding["source"] for link in document.get("links", ()) for finding in link["findings"]]
    return [snippet["code"] for source in sources if source for snippet in source["snippets"]]


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_is_said_about_what_is_not_known_or_not_checked(name: str) -> None:
    text = printed(ANSWERS[name]())

    assert " not used\n" not in text
    assert "not known (calm)" not in text
    assert "None" not in text


def test_without_figures_the_answer_says_so_in_one_sentence() -> None:
    document = told(answers.sound())
    unknown = dict.fromkeys(("sends", "bounces", "complaints", "bounce_rate", "complaint_rate", "looked_at"))
    document["feedback"][0]["rates"] |= unknown

    text = printed(document)

    assert "  account     No bounce figures yet.\n" in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_each_step_of_an_advice_can_be_copied(width: int) -> None:
    document = ANSWERS["missing-grant"]()
    statement = {"Sid": "two words", "Condition": {"StringLike": {"aws:PrincipalTag/team": ["a b c " * 30] * 3}}}
    command = "aws sesv2 --region us-isob-northwest-1 put-account-suppression-attributes --suppressed-reasons BOUNCE"
    findings = [finding for link in document["links"] for finding in link["findings"]]
    for finding in findings:
        finding["to_do"] = f"Replace it: {json.dumps(statement)}; Replace it: {{}}; run this command: `{command}`"

    lines = printed(document, width).splitlines()

    begin = lines.index("    {")
    assert json.loads("\n".join(lines[begin : lines.index("    }", begin) + 1])) == statement
    begin = lines.index("    aws sesv2 --region us-isob-northwest-1 \\")
    assert lines[begin + 1] == "      put-account-suppression-attributes --suppressed-reasons BOUNCE"


def test_a_policy_to_attach_can_be_copied() -> None:
    lines = printed(ANSWERS["missing-grant"](), 80).splitlines()
    policy = json.loads("\n".join(lines[lines.index("    {") : lines.index("    }") + 1]))

    assert policy["Statement"][0]["Principal"] == {"Service": "email.cognito-idp.amazonaws.com"}


def sentences_of(document: dict[str, Any]) -> list[str]:
    """The texts of a document that are shown as they are."""
    findings = [finding for link in document.get("links", ()) for finding in link["findings"]]
    told_of = [finding for finding in findings if finding["mailwarden"]["code"] != "diagnosis.same-refusal"]
    return [finding["message"] for finding in told_of]


if (
    __name__ == "__main__"
):  # python -m tests.sandbox.programs.test_why_text, with layers/core on the path: writes the texts
    for answer, document in ANSWERS.items():
        (TEXTS / f"{answer}.txt").write_text(printed(document()), encoding="utf-8")


@pytest.mark.parametrize("mode", [RepairMode.OFF, RepairMode.SAFE], ids=str)
def test_the_reason_why_a_fix_is_not_safe_is_printed_once_in_every_mode(mode: RepairMode) -> None:
    text = " ".join(printed(told(answers.narrowed_grant(mode))).split())

    assert "(unsafe" in text
    assert text.count("it would override the owner's conditions") == 1
    assert "StringLike ses:FromAddress" in text
