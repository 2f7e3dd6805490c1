"""Reading documents: one shape for every legal form, and where exactly a flaw is."""

import json

import pytest

from mailwarden.message import message
from mailwarden.policy import GLOBAL_PRINCIPAL, Problem, StatementEffect, parse
from mailwarden.policy.document.model import Actions, Condition, Principals, Resources
from tests.unit.policy.policies import ACCOUNT, IDENTITY, POOL, policy, statement


def test_the_documented_policy_is_read_into_its_elements() -> None:
    document = json.dumps(policy(statement(Condition={"StringEquals": {"AWS:SourceAccount": int(ACCOUNT)}})))

    found = parse(document).statements[0]

    assert found.effect is StatementEffect.ALLOW
    assert found.sid == "stmnt1234567891234"
    assert isinstance(found.actions, Actions)
    assert found.actions.patterns == ("SES:SendEmail", "SES:SendRawEmail")
    assert isinstance(found.principals, Principals)
    assert found.principals.services == (GLOBAL_PRINCIPAL,)
    assert isinstance(found.resources, Resources)
    assert found.resources.patterns == (IDENTITY,)
    condition = found.conditions[0]
    assert isinstance(condition, Condition)
    assert (condition.key, condition.key_as_written) == ("aws:sourceaccount", "AWS:SourceAccount")
    assert condition.values == (ACCOUNT,)


def test_reading_a_parsed_policy_is_reading_nothing() -> None:
    once = parse(policy())

    assert parse(once) is once


def test_the_same_text_is_read_once() -> None:
    text = json.dumps(policy())

    assert parse(text) is parse(text)


def test_numbers_keep_their_digits() -> None:
    text = json.dumps(policy(statement(Condition={"NumericEquals": {"aws:EpochTime": 0}})))

    found = parse(text.replace(": 0}", ": 0.10e2}")).statements[0].conditions[0]

    assert isinstance(found, Condition)
    assert found.values == ("0.10e2",)


def test_booleans_are_their_json_text() -> None:
    found = parse(policy(statement(Condition={"Null": {"aws:SourceArn": [True, False]}})))

    condition = found.statements[0].conditions[0]
    assert isinstance(condition, Condition)
    assert condition.values == ("true", "false")


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        (policy(), []),
        (
            policy(statement(Effect="ALLOW"), statement(Effect="Deny", Action=7)),
            [
                Problem(path="/Statement/0/Effect", flaw=message("policy.no-effect")),
                Problem(path="/Statement/1/Action", flaw=message("policy.wrong-type")),
            ],
        ),
        (
            {"Statement": statement(Principal={"AWS": None})},
            [
                Problem(path="/Statement/Principal/AWS", flaw=message("policy.wrong-type")),
            ],
        ),
        (
            policy(statement(Condition={"StringLike": {"aws:PrincipalTag/a~b": []}})),
            [
                Problem(
                    path="/Statement/0/Condition/StringLike/aws:PrincipalTag~1a~0b", flaw=message("policy.empty-list")
                ),
            ],
        ),
        (
            policy(statement(Condition={"StringLike": {"aws:SourceArn": POOL + "${x}"}})),
            [
                Problem(path="/Statement/0/Condition/StringLike/aws:SourceArn", flaw=message("policy.uses-variable")),
            ],
        ),
        (
            policy(version="2012-10-18"),
            [
                Problem(path="/Version", flaw=message("policy.unknown-version")),
            ],
        ),
    ],
)
def test_a_flaw_is_named_with_its_place(document: dict[str, object], problems: list[Problem]) -> None:
    found = parse(document)

    assert list(found.problems) == problems


def test_an_unreadable_document_has_no_statements() -> None:
    found = parse({"Statement": [statement()], "Comment": "ours"})

    assert found.unreadable == Problem(path="/Comment", flaw=message("policy.unknown-element"))
    assert found.statements == ()
