"""Outsiders that could use the identity: any customer's pool, anyone, other accounts."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    LEGACY_PRINCIPAL,
    Exposure,
    public_or_cross_account,
    unconditioned_cognito_trust,
)
from mailwarden.policy.document.parse import parse
from mailwarden.policy.evaluation import exposure as exposure_module
from mailwarden.policy.evaluation.own_account import keeps_to_account
from tests.unit.policy.policies import (
    ACCOUNT,
    IDENTITY,
    OTHER_ACCOUNT,
    POOL,
    REGIONAL_PRINCIPAL,
    policy,
    statement,
)
from tests.unit.policy.strategies import PATIENT

_ARN_IN_OWN_ACCOUNT = "arn:aws:cognito-idp:*:111122223333:userpool/*"
OWN_ACCOUNT = {"aws:SourceAccount": ACCOUNT}
OWN_POOL = {"aws:SourceArn": POOL}


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {},
        {"StringLike": {"aws:SourceAccount": "*"}},
        {"StringLike": {"aws:SourceAccount": "????????????"}},
        {"StringLike": {"aws:SourceAccount": "1111*"}},
        {"StringLike": {"aws:SourceArn": "arn:aws:cognito-idp:*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:*:*:userpool/*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:eu-north-1:*:userpool/*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:eu-*:?11122223333:*"}},
        {"StringEqualsIfExists": OWN_ACCOUNT},
        {"ArnLikeIfExists": OWN_POOL},
        {"ForAllValues:StringEquals": OWN_ACCOUNT},
        {"StringEqualsIfExists": OWN_ACCOUNT, "ArnLikeIfExists": OWN_POOL},
        {"StringNotEquals": {"aws:SourceAccount": OTHER_ACCOUNT}},
        {"ArnNotLike": {"aws:SourceArn": "arn:aws:cognito-idp:*:999988887777:*"}},
        {"Null": {"aws:SourceAccount": "false"}},
        {"Null": {"aws:SourceAccount": "true"}},
        {"StringLike": {"aws:SourceAccount": "*"}, "StringEqualsIfExists": OWN_POOL},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
        {"StringEquals": {"ses:FromAddress": "support@example.com"}},
        {"ForAllValues:StringLike": {"ses:Recipients": "*@example.com"}},
    ],
)
def test_any_customers_pool_could_send(condition: dict[str, object] | None) -> None:
    policies = {"p": policy(statement(Condition=condition))}

    (trust,) = unconditioned_cognito_trust(policies, identity_arn=IDENTITY, account=ACCOUNT)

    assert trust.certain
    assert trust.principal == GLOBAL_PRINCIPAL


@pytest.mark.parametrize(
    "elements",
    [
        {},
        {"Condition": {"StringEquals": OWN_ACCOUNT}},
        {"Condition": {"ArnLike": OWN_POOL}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:*:111122223333:userpool/*"}}},
        {"Condition": {"StringLike": {"aws:SourceArn": "*:111122223333:userpool/*"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": [ACCOUNT, OTHER_ACCOUNT]}}},
        {"Condition": {"ForAnyValue:StringEquals": OWN_ACCOUNT}},
        {"Condition": {"StringEqualsIfExists": OWN_ACCOUNT, "ArnLike": OWN_POOL}},
        {"Condition": {"Null": {"aws:SourceAccount": "false"}, "StringEqualsIfExists": OWN_ACCOUNT}},
        {
            "Principal": {"Service": REGIONAL_PRINCIPAL},
            "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:us-east-1:*:userpool/*"}},
        },
        {"Condition": None, "Effect": "Deny"},
        {"Condition": None, "Action": "ses:GetEmailIdentity"},
        {"Condition": None, "Principal": {"Service": "lambda.amazonaws.com"}},
        {"Condition": None, "Principal": {"AWS": OTHER_ACCOUNT}},
        {"Condition": None, "Resource": IDENTITY.replace("support", "billing")},
    ],
)
def test_no_other_customers_pool_could_send(elements: dict[str, object]) -> None:
    policies = {"p": policy(statement(**elements))}

    assert unconditioned_cognito_trust(policies, identity_arn=IDENTITY, account=ACCOUNT) == ()


@pytest.mark.parametrize(
    "elements",
    [
        {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
        {"Condition": {"DateLessThan": {"aws:CurrentTime": "2030-01-01"}}},
        {"Condition": {"StringMatches": OWN_ACCOUNT}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "*"}}},
        {"Condition": None, "Principal": {"AWS": "*"}},
        {"Condition": None, "Principal": None},
    ],
)
def test_an_undecidable_statement_is_only_possible(elements: dict[str, object]) -> None:
    policies = {"p": policy(statement(**elements))}

    (trust,) = unconditioned_cognito_trust(policies, identity_arn=IDENTITY, account=ACCOUNT)

    assert not trust.certain


def test_each_open_statement_is_named_with_the_principal_that_opens_it() -> None:
    policies = {
        "a": policy(statement(), statement(Principal={"Service": [REGIONAL_PRINCIPAL]}, Condition=None)),
        "b": policy(statement(Principal="*", Condition=None), statement(Principal=None, NotPrincipal={"AWS": ACCOUNT})),
        "c": policy(statement(Principal={"Service": [LEGACY_PRINCIPAL]}, Condition=None, Action="*")),
    }

    found = unconditioned_cognito_trust(policies, identity_arn=IDENTITY, account=ACCOUNT)

    assert [(trust.ref.policy, trust.ref.index, trust.principal) for trust in found] == [
        ("a", 1, REGIONAL_PRINCIPAL),
        ("b", 0, GLOBAL_PRINCIPAL),
        ("c", 0, LEGACY_PRINCIPAL),
    ]


@pytest.mark.parametrize(
    ("elements", "certain"),
    [
        ({"Principal": "*", "Condition": None}, True),
        ({"Principal": {"AWS": "*"}, "Condition": None}, True),
        ({"Principal": None, "NotPrincipal": {"AWS": OTHER_ACCOUNT}, "Condition": None}, True),
        ({"Principal": "*", "Condition": {"StringLike": {"aws:PrincipalAccount": "*"}}}, True),
        ({"Principal": "*", "Condition": {"StringEquals": {"ses:FromAddress": "a@example.com"}}}, True),
        ({"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}, False),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}}, False),
    ],
)
def test_a_statement_for_everybody_is_public(elements: dict[str, object], certain: bool) -> None:
    policies = {"p": policy(statement(**elements))}

    (grant,) = public_or_cross_account(policies, identity_arn=IDENTITY, account=ACCOUNT)

    assert grant.exposure is Exposure.PUBLIC
    assert grant.certain is certain


@pytest.mark.parametrize(
    ("elements", "whom", "certain"),
    [
        ({"Principal": {"AWS": [ACCOUNT, OTHER_ACCOUNT]}}, (OTHER_ACCOUNT,), True),
        (
            {"Principal": {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}},
            (f"arn:aws:iam::{OTHER_ACCOUNT}:root",),
            True,
        ),
        ({"Principal": {"AWS": "AIDAIOSFODNN7EXAMPLE1"}}, ("AIDAIOSFODNN7EXAMPLE1",), False),
        ({"Principal": {"CanonicalUser": "79a59df9"}}, ("79a59df9",), False),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": OTHER_ACCOUNT}}}, (OTHER_ACCOUNT,), True),
        (
            {"Condition": {"ArnLike": {"aws:SourceArn": POOL.replace(ACCOUNT, OTHER_ACCOUNT)}}},
            (OTHER_ACCOUNT,),
            True,
        ),
    ],
)
def test_a_statement_for_another_account(elements: dict[str, object], whom: tuple[str, ...], certain: bool) -> None:
    policies = {"p": policy(statement(**elements))}

    (grant,) = public_or_cross_account(policies, identity_arn=IDENTITY, account=ACCOUNT)

    assert grant.exposure is Exposure.OTHER_ACCOUNT
    assert grant.whom == whom
    assert grant.certain is certain


@pytest.mark.parametrize(
    "elements",
    [
        {},
        {"Effect": "Deny", "Principal": "*", "Condition": None},
        {"Principal": {"AWS": [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/mailer"]}, "Condition": None},
        {"Principal": {"Service": "lambda.amazonaws.com"}, "Condition": None},
        {"Principal": "*"},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}},
        {"Principal": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}}},
        {"Principal": "*", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}},
        {"Principal": "*", "Condition": {"StringEquals": OWN_ACCOUNT}},
    ],
)
def test_a_statement_for_no_outsider(elements: dict[str, object]) -> None:
    policies = {"p": policy(statement(**elements))}

    assert public_or_cross_account(policies, identity_arn=IDENTITY, account=ACCOUNT) == ()


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": OWN_ACCOUNT},
        {"StringEquals": {"AWS:SOURCEACCOUNT": [ACCOUNT]}},
        {"ArnLike": OWN_POOL},
        {"ArnEquals": {"aws:SourceArn": [POOL, _ARN_IN_OWN_ACCOUNT]}},
        {"StringLike": {"aws:SourceAccount": "*"}, "ArnLike": OWN_POOL},
    ],
)
def test_a_condition_on_the_own_account_alone_keeps_others_out(condition: dict[str, object]) -> None:
    (found,) = parse(policy(statement(Condition=condition))).statements

    assert keeps_to_account(found, ACCOUNT)


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"StringEquals": {"aws:SourceAccount": [ACCOUNT, OTHER_ACCOUNT]}},
        {"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}},
        {"StringEqualsIfExists": OWN_ACCOUNT},
        {"StringNotEquals": OWN_ACCOUNT},
        {"ForAllValues:StringEquals": OWN_ACCOUNT},
        {"ForAnyValue:StringEquals": OWN_ACCOUNT},
        {"StringLike": OWN_ACCOUNT},
        {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
        {"StringLike": {"aws:SourceArn": _ARN_IN_OWN_ACCOUNT}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:*:*:userpool/111122223333"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:${aws:RequestedRegion}:111122223333:userpool/*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:${region}:111122223333:userpool/*"}},
        {"ArnLike": {"aws:SourceArn": "*"}},
        {"ArnLikeIfExists": OWN_POOL},
        {"ArnNotLike": OWN_POOL},
    ],
)
def test_at_first_sight_nothing_else_does(condition: dict[str, object] | None) -> None:
    (found,) = parse(policy(statement(Condition=condition))).statements

    assert not keeps_to_account(found, ACCOUNT)


OPERATORS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "ForAnyValue:", "ForAllValues:"]),
    st.sampled_from(["StringEquals", "StringNotEquals", "StringLike", "ArnLike", "ArnEquals", "ArnNotLike"]),
    st.sampled_from(["", "", "IfExists"]),
)
SOURCES = st.sampled_from(
    [
        ACCOUNT,
        OTHER_ACCOUNT,
        POOL,
        _ARN_IN_OWN_ACCOUNT,
        POOL.replace(ACCOUNT, OTHER_ACCOUNT),
        "arn:aws:cognito-idp:*",
        "arn:aws:cognito-idp:${region}:111122223333:*",
        "*:*:*:*:111122223333:*",
        "1111*",
        "",
    ]
)
SOURCE_KEYS = st.sampled_from(["aws:SourceAccount", "aws:SourceArn", "aws:sourceaccount", "ses:FromAddress"])
CONDITIONS = st.dictionaries(
    OPERATORS,
    st.dictionaries(SOURCE_KEYS, SOURCES | st.lists(SOURCES, max_size=3), min_size=1, max_size=2),
    max_size=3,
)


@example(
    condition={"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:${region}:111122223333:*"}},
    whom={"Service": [GLOBAL_PRINCIPAL]},
)
@given(condition=CONDITIONS, whom=st.sampled_from(["*", {"Service": [GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL]}]))
@PATIENT
def test_the_quick_check_agrees_with_testing_outsiders(condition: dict[str, Any], whom: object) -> None:
    policies = {"p": policy(statement(Condition=condition, Principal=whom))}

    at_first_sight = unconditioned_cognito_trust(policies, identity_arn=IDENTITY, account=ACCOUNT)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(exposure_module, "keeps_to_account", lambda *_: False)
        by_trying = unconditioned_cognito_trust(policies, identity_arn=IDENTITY, account=ACCOUNT)

    assert at_first_sight == by_trying
