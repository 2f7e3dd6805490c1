"""A statement to paste is shown as it is written, or not at all, whichever rule shows it."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.findings.finding import LONGEST_ADVICE
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.message import message
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from mailwarden.rules.quotation import Step, advice_of, fits
from tests.builders import custom_from, identity, identity_ref, mail_path, pool
from tests.texts import english
from tests.unit.presentation.shown_advice import readers, steps_shown
from tests.unit.rules.cases import Case, all_cases
from tests.unit.rules.strategies import mail_paths

REF = identity_ref("support@example.com")
TEXTS = st.text(max_size=40) | st.sampled_from(["jane@corp.example", "a  b", "{", "support@example.com", "```"])


def open_to_everybody(values: list[str]) -> tuple[MailPath, dict[str, object]]:
    """A grant for Cognito that says nothing of the source; whom it is for besides is written with *values*."""
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Principal": {"Service": "email.cognito-idp.amazonaws.com", "AWS": values},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": REF.arn,
    }
    policies = {"open": json.dumps({"Version": "2012-10-17", "Statement": statement})}
    return mail_path(pool(email=custom_from(REF)), identity(REF.name, policies=policies)), statement


@given(values=st.lists(TEXTS, min_size=1, max_size=40))
@settings(max_examples=150, deadline=None)
def test_the_narrowed_statement_of_mw404_is_shown_as_it_is_written_or_described(values: list[str]) -> None:
    path, statement = open_to_everybody(values)
    (finding,) = [each for each in judge(path, ALL).findings if each.rule_id == "MW404"]

    for text in readers(path, finding).values():
        for step in steps_shown(text):
            assert {**step.pasted, "Condition": None} == {**statement, "Condition": None}


@pytest.mark.parametrize("hidden", ["jane@corp.example", "two  spaces", "\u202e", "x" * LONGEST_ADVICE, "```"])
def test_what_a_reader_would_not_get_letter_by_letter_is_described(hidden: str) -> None:
    path, _ = open_to_everybody([hidden])
    (finding,) = [each for each in judge(path, ALL).findings if each.rule_id == "MW404"]

    shown = readers(path, finding)

    assert [steps_shown(text) for text in shown.values()] == [[]] * len(shown)
    assert shown["topic"].startswith("Add the conditions aws:SourceAccount 111122223333 and aws:SourceArn to policy")


def test_the_address_that_the_identity_is_may_be_shown() -> None:
    path, statement = open_to_everybody(["arn:aws:iam::111122223333:role/mailer"])
    (finding,) = [each for each in judge(path, ALL).findings if each.rule_id == "MW404"]

    assert [
        {**step.pasted, "Condition": None} for text in readers(path, finding).values() for step in steps_shown(text)
    ] == [{**statement, "Condition": None}] * 4


def test_a_leftover_statement_that_cannot_be_shown_is_described() -> None:
    # Two pools, one of them gone; the statement names a person besides.
    case = next(each for each in all_cases() if each.rule_id == "MW406" and "MW406.replace" in ids_of(each.path))
    documents = {
        name: text.replace('"Effect"', '"Sid": "jane@corp.example", "Effect"')
        for state in case.path.ses_states
        if state.live_identity is not None
        for name, text in state.live_identity.policies.items()
    }
    path = with_policies(case.path, documents)

    said = [english(each.remediation) for each in judge(path, ALL).findings if each.rule_id == "MW406"]

    assert said
    assert all("{" not in text and "take the pools out of" in text for text in said)


def test_an_advice_about_many_outsiders_names_the_statement() -> None:
    principals = [f"arn:aws:iam::{number:012}:role/{'r' * 60}" for number in range(1, 200)]
    path, _ = open_to_everybody(principals)
    (finding,) = [each for each in judge(path, ALL).findings if each.rule_id == "MW405"]

    said = readers(path, finding)["topic"]

    assert 'and 196 more out of policy "open", statement 1, unless' in said


def ids_of(path: MailPath) -> set[str]:
    return {name for each in judge(path, ALL).findings for name in str(each.remediation).split("'")}


def with_policies(path: MailPath, documents: Mapping[str, str]) -> MailPath:
    return replace(
        path,
        ses_states=tuple(
            state
            if state.live_identity is None
            else replace(state, identity=replace(state.live_identity, policies=documents))
            for state in path.ses_states
        ),
    )


def whole(path: MailPath) -> None:
    for finding in judge(path, ALL).findings:
        assert fits(finding.remediation), finding.remediation
        assert len(english(finding.remediation)) <= LONGEST_ADVICE
        assert finding.recorded().remediation == finding.remediation


@pytest.mark.parametrize("case", list(all_cases()), ids=str)
def test_the_advice_of_every_case_is_shown_whole(case: Case) -> None:
    whole(case.path)


@given(path=mail_paths())
@settings(max_examples=150, deadline=None)
def test_every_advice_is_shown_whole(path: MailPath) -> None:
    whole(path)


def test_the_longest_quotation_gives_way_first() -> None:
    steps = [
        Step(
            described=message("described", number=number),
            quoting=message("quoting", number=number, quoted="q" * length),
            quoted="q" * length,
        )
        for number, length in enumerate((100, 1500, 900))
    ]

    said = advice_of(steps, identity="example.com")

    assert [each.id for each in dict(said.args)["sentences"]] == ["quoting", "described", "quoting"]  # type: ignore[union-attr]
