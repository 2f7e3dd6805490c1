"""The statement that MW404 proposes keeps others out and everything else as it was."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.policy import Allowed, StatementRef, cognito_service, decide_sending, unconditioned_cognito_trust
from mailwarden.rules.judging import judge
from mailwarden.rules.sending_grant.narrowing import narrowed
from tests.advice import WITHOUT_ADVICE
from tests.builders import ACCOUNT, custom_from, identity, identity_ref, mail_path, pool, pool_ref, sending_policy
from tests.texts import english
from tests.unit.rules.strategies import ODD_TEXTS

REF = identity_ref(region="us-west-2")
SEOUL = pool_ref("ap-northeast-2")
FIRST = StatementRef(policy="open", index=0, sid=None)


def _narrowed(text: str, ref: StatementRef = FIRST) -> str | None:
    return narrowed({"open": text}, ref, partition="aws", account=ACCOUNT)


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}},
        {"StringLike": {"AWS:SourceArn": "arn:aws:cognito-idp:*"}},
        {"Bool": {"aws:SecureTransport": "true"}, "StringNotEquals": {"aws:SourceAccount": "999988887777"}},
        {"ForAllValues:StringEquals": {"aws:SourceAccount": [ACCOUNT]}},
    ],
)
def test_the_narrowed_statement_keeps_others_out_and_every_pool_of_the_account_in(
    conditions: dict[str, dict[str, object]],
) -> None:
    text = sending_policy(REF, conditions=conditions)
    assert unconditioned_cognito_trust({"open": text}, identity_arn=REF.arn, account=ACCOUNT)

    statement = _narrowed(text)

    assert statement is not None
    policies = {"open": json.dumps({"Version": "2012-10-17", "Statement": json.loads(statement)})}
    assert not unconditioned_cognito_trust(policies, identity_arn=REF.arn, account=ACCOUNT)
    for of in (SEOUL, pool_ref("us-west-2")):
        sender = cognito_service(principal="email.cognito-idp.amazonaws.com", pool_arn=of.arn, identity_arn=REF.arn)
        assert isinstance(decide_sending(policies, sender).decision, Allowed)


def test_everything_but_the_two_keys_stays() -> None:
    conditions: dict[str, dict[str, object]] = {
        "Bool": {"aws:SecureTransport": "true"},
        "StringEquals": {"ses:FromAddress": "support@example.com"},
    }

    statement = json.loads(_narrowed(sending_policy(REF, conditions=conditions)) or "")

    assert statement["Sid"] == "Cognito"
    assert statement["Condition"]["Bool"] == {"aws:SecureTransport": "true"}
    assert statement["Condition"]["StringEquals"] == {
        "ses:FromAddress": "support@example.com",
        "aws:SourceAccount": ACCOUNT,
    }


def test_the_finding_shows_that_statement() -> None:
    text = sending_policy(REF, conditions={})
    path = mail_path(
        pool("ap-northeast-2", email=custom_from(REF)), identity(region="us-west-2", policies={"open": text})
    )

    (finding,) = judge(path, WITHOUT_ADVICE).findings

    assert finding.rule_id == "MW404"
    assert (
        english(finding.remediation)
        == f'Replace policy "open", statement 1 (Sid "Cognito") by this statement: {_narrowed(text)}'
    )


@given(text=st.sampled_from(ODD_TEXTS) | st.text(max_size=20), index=st.integers(-2, 3))
@settings(max_examples=100, deadline=None)
def test_what_cannot_be_picked_out_is_not_shown(text: str, index: int) -> None:
    statement = _narrowed(text, StatementRef(policy="open", index=index, sid=None))

    assert statement is None or '"Effect":"Allow"' in statement


@pytest.mark.parametrize("condition", ["text", [], {"StringEquals": "text"}, 7])
def test_conditions_that_are_no_conditions_are_not_rewritten(condition: object) -> None:
    text = json.dumps({"Statement": {"Effect": "Allow", "Condition": condition}})

    assert _narrowed(text) is None
