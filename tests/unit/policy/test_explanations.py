"""The sentences: one for each decision, with addresses masked."""

import pytest

from mailwarden.policy import decide_sending
from tests.texts import english
from tests.unit.policy.policies import IDENTITY, OTHER_ACCOUNT, cognito, legacy, policy, statement

OTHER_IDENTITY = IDENTITY.replace("support", "billing")


@pytest.mark.parametrize(
    ("policies", "sentence"),
    [
        ({"p": policy()}, 'policy "p", statement 1 (Sid "stmnt1234567891234") allows ses:SendEmail'),
        ({}, "no statement allows ses:SendEmail"),
        (
            {"p": policy(statement(Sid=None), statement(Sid=None, Effect="Deny"))},
            'policy "p", statement 2 explicitly denies ses:SendEmail',
        ),
        (
            {"mail": legacy()},
            (
                'no statement allows ses:SendEmail; policy "mail", statement 1 (Sid "stmnt1234567891234") does not, '
                "for it does not name email.cognito-idp.amazonaws.com (Principal: cognito-idp.amazonaws.com)"
            ),
        ),
        (
            {"p": policy(statement(Sid=None, Resource=OTHER_IDENTITY))},
            (
                'no statement allows ses:SendEmail; policy "p", statement 1 does not, for its Resource is not this '
                "identity (arn:aws:ses:us-east-1:111122223333:identity/b***@example.com)"
            ),
        ),
        (
            {
                "far": policy(statement(Sid=None, Action="ses:GetSendQuota", Resource=OTHER_IDENTITY)),
                "near": policy(statement(Sid=None, Condition={"StringEquals": {"aws:SourceAccount": OTHER_ACCOUNT}})),
            },
            (
                'no statement allows ses:SendEmail; policy "near", statement 1 does not, for aws:SourceAccount is '
                "111122223333, and StringEquals compares it with 999988887777"
            ),
        ),
        (
            {"p": policy(statement(Sid=None, Condition={"ArnLike": {"aws:Referer": ["a", "b", "c", "d", "e"]}}))},
            (
                'no statement allows ses:SendEmail; policy "p", statement 1 does not, for aws:Referer is not in the '
                "request, and ArnLike compares it with a, b, c and 2 more"
            ),
        ),
        (
            {"p": policy(statement(Sid=None, Condition={"Null": {"aws:SourceArn": "true"}}))},
            (
                'no statement allows ses:SendEmail; policy "p", statement 1 does not, for its Null condition on '
                "aws:SourceArn does not hold (true)"
            ),
        ),
        (
            {"p": policy(statement(Sid=None, Condition={"DateLessThan": {"aws:CurrentTime": "2030-01-01"}}))},
            (
                'whether ses:SendEmail is allowed cannot be decided: policy "p", statement 1, '
                "/Statement/0/Condition/DateLessThan/aws:CurrentTime: DateLessThan compares a number, date, IP address "
                "or bytes, which a service's request may not have"
            ),
        ),
        (
            {"p": policy(), "q": "not JSON"},
            'whether ses:SendEmail is allowed cannot be decided: policy "q", the document: is not JSON',
        ),
        (
            {"p": policy(statement(Sid=None, Condition={"stringequals": {"aws:SourceAccount": "1"}}))},
            (
                'whether ses:SendEmail is allowed cannot be decided: policy "p", statement 1, '
                "/Statement/0/Condition/stringequals/aws:SourceAccount: "
                "the condition operator stringequals is not known"
            ),
        ),
    ],
)
def test_the_sentence_of_a_decision(policies: dict[str, str | dict[str, object]], sentence: str) -> None:
    decision = decide_sending(policies, cognito()).decision

    assert english(decision.message) == sentence


def test_no_sentence_shows_an_address() -> None:
    hidden = {"StringLike": {"ses:FromAddress": ["ceo@example.com", '"a b"@example.com']}}
    policies = {"p": policy(statement(Sid="ceo@example.com", Condition=hidden))}

    sentence = english(decide_sending(policies, cognito(from_address="support@example.com")).decision.message)

    assert "support@" not in sentence
    assert "ceo@" not in sentence
