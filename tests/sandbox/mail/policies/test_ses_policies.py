"""The write path of sending policies refuses what SES refuses."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, Untyped, grant, unique

REGION = "us-west-2"


@pytest.fixture
def name(sandbox: Sandbox) -> str:
    name = f"{unique('mail')}@shop.example"
    sandbox.identity(name, REGION)
    return name


def arn_of(sandbox: Sandbox, name: str) -> str:
    return f"arn:aws:ses:{REGION}:{sandbox.account}:identity/{name}"


def good(sandbox: Sandbox, name: str, **members: Untyped) -> dict[str, Any]:
    pool_arn = f"arn:aws:cognito-idp:{REGION}:{sandbox.account}:userpool/{REGION}_pool"
    return grant(arn_of(sandbox, name), pool_arn, **members)


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "the resource of another identity": (
        {"Resource": "arn:aws:ses:us-west-2:123456789012:identity/other.example"},
        "exactly one resource",
    ),
    "a resource in every region": (
        {"Resource": "arn:aws:ses:*:123456789012:identity/shop.example"},
        "exactly one resource",
    ),
    "no resource": ({"Resource": None}, "exactly one resource"),
    "no principal": ({"Principal": None}, "at least one principal"),
    "an empty list of principals": ({"Principal": {"Service": []}}, "at least one principal"),
    "upper-case key prefixes": (
        {"Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}}},
        "Unknown or unapplicable condition field 'AWS:SourceAccount'",
    ),
    "keys of another service": (
        {"Condition": {"StringEquals": {"s3:prefix": "a"}}},
        "Unknown or unapplicable condition field 's3:prefix'",
    ),
    "no action": ({"Action": None}, "either Action or NotAction"),
    "an unknown effect": ({"Effect": "Maybe"}, "effect Allow or Deny"),
    "more than 4 KB": ({"Sid": "x" * 4096}, "maximum size of 4096 bytes"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_both_apis_refuse_a_policy_with(case: str, sandbox: Sandbox, name: str) -> None:
    changed, said = BROKEN[case]
    policy = good(sandbox, name, **changed)
    policy["Statement"][0] = {key: value for key, value in policy["Statement"][0].items() if value is not None}
    text = json.dumps(policy)

    with pytest.raises(ClientError, match=said) as by_v1:
        sandbox.client("ses", REGION).put_identity_policy(Identity=name, PolicyName="p", Policy=text)
    with pytest.raises(ClientError, match=said) as by_v2:
        sandbox.client("sesv2", REGION).create_email_identity_policy(EmailIdentity=name, PolicyName="p", Policy=text)

    assert by_v1.value.response["Error"]["Code"] == "InvalidPolicy"
    assert by_v2.value.response["Error"]["Code"] == "BadRequestException"
    assert sandbox.client("sesv2", REGION).get_email_identity(EmailIdentity=name)["Policies"] == {}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"Statement": []}', '{"Statement": [1]}'])
def test_what_is_no_policy_is_refused(text: str, sandbox: Sandbox, name: str) -> None:
    with pytest.raises(ClientError, match="InvalidPolicy"):
        sandbox.client("ses", REGION).put_identity_policy(Identity=name, PolicyName="p", Policy=text or " ")


def test_names_follow_the_pattern(sandbox: Sandbox, name: str) -> None:
    with pytest.raises(ClientError, match="Invalid policy name"):
        sandbox.client("ses", REGION).put_identity_policy(
            Identity=name, PolicyName="not a name", Policy=json.dumps(good(sandbox, name))
        )


def test_an_unverified_identity_takes_no_policy(sandbox: Sandbox) -> None:
    name = f"{unique('mail')}@shop.example"
    sandbox.client("sesv2", REGION).create_email_identity(EmailIdentity=name)
    text = json.dumps(good(sandbox, name))

    with pytest.raises(ClientError, match="not verified"):
        sandbox.client("ses", REGION).put_identity_policy(Identity=name, PolicyName="p", Policy=text)
    with pytest.raises(ClientError, match="not verified"):
        sandbox.client("sesv2", REGION).create_email_identity_policy(EmailIdentity=name, PolicyName="p", Policy=text)


def test_v1_puts_by_name_or_arn_and_replaces(sandbox: Sandbox, name: str) -> None:
    ses = sandbox.client("ses", REGION)
    first, second = (json.dumps(good(sandbox, name, Sid=sid)) for sid in ("a", "b"))

    ses.put_identity_policy(Identity=name, PolicyName="p", Policy=first)
    ses.put_identity_policy(Identity=arn_of(sandbox, name), PolicyName="p", Policy=second)

    assert ses.list_identity_policies(Identity=name)["PolicyNames"] == ["p"]
    found = ses.get_identity_policies(Identity=name, PolicyNames=["p", "absent"])["Policies"]
    assert {key: json.loads(text) for key, text in found.items()} == {"p": json.loads(second)}
    by_v2 = sandbox.client("sesv2", REGION).get_email_identity_policies(EmailIdentity=name)["Policies"]
    assert by_v2 == {"p": second}


def test_v2_creates_once_updates_only_what_is_there_and_deletes_quietly(sandbox: Sandbox, name: str) -> None:
    ses, text = sandbox.client("sesv2", REGION), json.dumps(good(sandbox, name))
    other = json.dumps(good(sandbox, name, Sid="other"))

    ses.create_email_identity_policy(EmailIdentity=name, PolicyName="p", Policy=text)
    with pytest.raises(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity_policy(EmailIdentity=name, PolicyName="p", Policy=text)
    ses.update_email_identity_policy(EmailIdentity=name, PolicyName="p", Policy=other)
    ses.update_email_identity_policy(EmailIdentity=name, PolicyName="absent", Policy=text)

    assert ses.get_email_identity(EmailIdentity=name)["Policies"] == {"p": other}

    ses.delete_email_identity_policy(EmailIdentity=name, PolicyName="absent")
    ses.delete_email_identity_policy(EmailIdentity=name, PolicyName="p")

    assert ses.get_email_identity_policies(EmailIdentity=name)["Policies"] == {}


def test_the_twenty_first_policy_is_refused(sandbox: Sandbox, name: str) -> None:
    ses, text = sandbox.client("sesv2", REGION), json.dumps(good(sandbox, name))
    for number in range(20):
        ses.create_email_identity_policy(EmailIdentity=name, PolicyName=f"p{number}", Policy=text)

    with pytest.raises(ses.exceptions.LimitExceededException):
        ses.create_email_identity_policy(EmailIdentity=name, PolicyName="p20", Policy=text)
    with pytest.raises(ClientError, match="at most 20 policies"):
        sandbox.client("ses", REGION).put_identity_policy(Identity=name, PolicyName="p20", Policy=text)


def test_policies_of_a_missing_identity_are_not_found(sandbox: Sandbox) -> None:
    ses = sandbox.client("sesv2", REGION)

    with pytest.raises(ses.exceptions.NotFoundException):
        ses.create_email_identity_policy(EmailIdentity="no.example", PolicyName="p", Policy="{}")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_email_identity_policies(EmailIdentity="no.example")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.delete_email_identity_policy(EmailIdentity="no.example", PolicyName="p")
