"""Whom an identity trusts by name, and which pools it names: the ground of standing consent."""

import pytest

from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    LEGACY_PRINCIPAL,
    PrincipalKind,
    grants_naming_pool,
    kind_of,
    trusted_cognito_principals,
)
from tests.unit.policy.policies import (
    ACCOUNT,
    OTHER_ACCOUNT,
    POOL,
    REGIONAL_PRINCIPAL,
    cognito,
    legacy,
    policy,
    role,
    statement,
)

SOURCE = {"ArnLike": {"aws:SourceArn": POOL}}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (GLOBAL_PRINCIPAL, PrincipalKind.GLOBAL),
        (LEGACY_PRINCIPAL, PrincipalKind.LEGACY),
        (REGIONAL_PRINCIPAL, PrincipalKind.REGIONAL),
        ("cognito-idp.us-gov-west-1.amazonaws.com", PrincipalKind.REGIONAL),
        ("cognito-identity.amazonaws.com", None),
        ("cognito-idp.me-central-1.amazonaws.com.evil.example", None),
        ("email.cognito-idp.amazonaws.com.cn", PrincipalKind.GLOBAL),
        ("lambda.amazonaws.com", None),
        ("", None),
    ],
)
def test_the_kind_of_a_principal(name: str, kind: PrincipalKind | None) -> None:
    assert kind_of(name) is kind


def test_trusted_principals_are_those_of_allow_statements_about_sending() -> None:
    policies = {
        "a": legacy(),
        "b": policy(
            statement(Principal={"Service": [REGIONAL_PRINCIPAL, "lambda.amazonaws.com", GLOBAL_PRINCIPAL]}),
            statement(Effect="Deny"),
            statement(Action="ses:GetEmailIdentity"),
            statement(Principal=None, NotPrincipal={"Service": GLOBAL_PRINCIPAL}),
        ),
    }

    trusted = trusted_cognito_principals(policies)

    assert [(found.name, found.kind, found.ref.policy, found.ref.index) for found in trusted] == [
        (LEGACY_PRINCIPAL, PrincipalKind.LEGACY, "a", 0),
        (REGIONAL_PRINCIPAL, PrincipalKind.REGIONAL, "b", 0),
        (GLOBAL_PRINCIPAL, PrincipalKind.GLOBAL, "b", 0),
    ]


def test_a_grant_that_works_is_found_and_fails_on_nothing() -> None:
    (grant,) = grants_naming_pool({"p": policy()}, cognito())

    assert grant.works
    assert not grant.fails_only_on_principal_or_action


@pytest.mark.parametrize(
    "elements",
    [
        {"Principal": {"Service": LEGACY_PRINCIPAL}},
        {"Principal": {"Service": [REGIONAL_PRINCIPAL]}},
        {"Action": "ses:SendEmail"},
        {"Action": ["ses:SendRawEmail", "ses:GetSendQuota"]},
        {"Principal": {"Service": LEGACY_PRINCIPAL}, "Action": "ses:SendEmail"},
        {"Principal": {"Service": LEGACY_PRINCIPAL}, "Condition": {"StringEquals": {"aws:SourceArn": [POOL, "other"]}}},
        {"Principal": {"Service": LEGACY_PRINCIPAL}, "Condition": {"StringLike": {"AWS:SOURCEARN": POOL}}},
        {"Principal": {"Service": LEGACY_PRINCIPAL}, "Condition": {"ForAnyValue:ArnEquals": {"aws:SourceArn": POOL}}},
    ],
)
def test_consent_is_a_grant_to_cognito_for_this_pool_with_a_wrong_name(elements: dict[str, object]) -> None:
    (grant,) = grants_naming_pool({"p": policy(statement(**elements))}, cognito())

    assert grant.fails_only_on_principal_or_action
    assert not grant.works


@pytest.mark.parametrize(
    "elements",
    [
        {"Principal": {"Service": "lambda.amazonaws.com"}},
        {"Principal": {"AWS": OTHER_ACCOUNT}},
        {"Principal": None, "NotPrincipal": {"Service": GLOBAL_PRINCIPAL}},
        {"Action": "ses:DeleteEmailIdentity"},
        {"Action": None, "NotAction": "ses:SendEmail"},
        {"Principal": {"Service": LEGACY_PRINCIPAL}, "Resource": "arn:aws:ses:us-east-1:111122223333:identity/x.org"},
        {
            "Principal": {"Service": LEGACY_PRINCIPAL},
            "Condition": SOURCE | {"StringEquals": {"aws:SourceAccount": OTHER_ACCOUNT}},
        },
        {
            "Principal": {"Service": LEGACY_PRINCIPAL},
            "Condition": SOURCE | {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        },
        {"Principal": {"Service": LEGACY_PRINCIPAL}, "Comment": "unknown element"},
    ],
)
def test_no_consent_from_a_grant_that_fails_on_anything_else(elements: dict[str, object]) -> None:
    (grant,) = grants_naming_pool({"p": policy(statement(**elements))}, cognito())

    assert not grant.fails_only_on_principal_or_action
    assert not grant.works


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:us-east-1:111122223333:userpool/*"}},
        {"ArnLike": {"aws:SourceArn": POOL.replace("EXAMPLE", "EXAMPL?")}},
        {"ArnLike": {"aws:SourceArn": POOL.replace("EXAMPLE", "OTHER")}},
        {"ArnNotLike": {"aws:SourceArn": POOL}},
        {"ArnLikeIfExists": {"aws:SourceArn": POOL}},
        {"ForAllValues:ArnLike": {"aws:SourceArn": POOL}},
        {"Null": {"aws:SourceArn": POOL}},
        {"StringMatches": {"aws:SourceArn": POOL}},
        {"StringEquals": {"aws:PrincipalArn": POOL}},
    ],
)
def test_a_pool_is_named_by_nothing_less_than_its_arn(condition: dict[str, object] | None) -> None:
    policies = {"p": policy(statement(Principal={"Service": LEGACY_PRINCIPAL}, Condition=condition))}

    assert grants_naming_pool(policies, cognito()) == ()


def test_a_deny_that_names_the_pool_is_no_grant() -> None:
    assert grants_naming_pool({"p": policy(statement(Effect="Deny"))}, cognito()) == ()


def test_a_role_acts_for_no_pool_in_particular() -> None:
    assert grants_naming_pool({"p": policy()}, role()) == ()
