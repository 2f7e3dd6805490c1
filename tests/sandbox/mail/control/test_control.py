"""The control API sets states that no AWS call leads to, and answers as the sandbox itself sees them."""

import json
from typing import Any

import pytest

from tests.sandbox.mail.box import Sandbox, grant, unique

REGION = "ap-northeast-2"


def raw_description(sandbox: Sandbox, pool: str) -> dict[str, Any]:
    """Read DescribeUserPool's body as it came over the wire."""
    return dict(sandbox.cognito(REGION, "DescribeUserPool", UserPoolId=pool)["UserPool"])


def test_a_legacy_email_configuration_stands_unchecked(sandbox: Sandbox) -> None:
    pool, _ = sandbox.pool(REGION)
    configuration = {"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:eu-west-3:1:identity/x"}

    sandbox.control("POST", f"cognito/pools/{pool}", {"email_configuration": configuration}, region=REGION)

    assert raw_description(sandbox, pool)["EmailConfiguration"] == configuration


def test_members_unknown_to_the_sdk_stand_at_any_depth(sandbox: Sandbox) -> None:
    pool, _ = sandbox.pool(REGION)
    extra = {
        "NewFeature": {"Enabled": True},
        "EmailConfiguration": {"TenantName": "shop"},
        "Policies": {"PasswordPolicy": {"Strength": 9}},
        "SchemaAttributes": {"0": {"Hidden": False}},
    }

    sandbox.control("POST", f"cognito/pools/{pool}", {"extra_members": extra})

    found = raw_description(sandbox, pool)
    assert found["NewFeature"] == {"Enabled": True}
    assert found["EmailConfiguration"] == {"EmailSendingAccount": "COGNITO_DEFAULT", "TenantName": "shop"}
    assert (found["Policies"]["PasswordPolicy"]["Strength"], found["SchemaAttributes"][0]["Hidden"]) == (9, False)
    sandbox.control("POST", f"cognito/pools/{pool}", {"extra_members": {}})
    assert "NewFeature" not in raw_description(sandbox, pool)


def test_dates_and_raw_members_are_set(sandbox: Sandbox) -> None:
    pool, _ = sandbox.pool(REGION)
    body = {"last_modified": 1_500_000_000, "members": {"UserPoolTags": {"aws:x": "y"}, "UserPoolTier": None}}

    sandbox.control("POST", f"cognito/pools/{pool}", body)

    found = raw_description(sandbox, pool)
    assert (found["LastModifiedDate"], found["UserPoolTags"]) == (1_500_000_000, {"aws:x": "y"})
    assert "UserPoolTier" not in found


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "cognito/pools/ap-northeast-2_nowhere", {}, 404),
        ("POST", "judge", {"pool": "ap-northeast-2_nowhere"}, 404),
        ("GET", "ses/us-east-1/identities/nobody.example", None, 404),
        ("POST", "ses/us-east-1/account", {"production": True}, 400),
        ("POST", "ses/us-east-1/account", {"enforcement_status": "FINE"}, 400),
        ("POST", "ses/us-east-1/identities/x.example", {"verification_status": "YES"}, 400),
        ("POST", "ses/us-east-1/identities/x.example", [], 400),
    ],
)
def test_nonsense_is_refused(method: str, path: str, body: object, status: int, sandbox: Sandbox) -> None:
    assert sandbox.control_response(method, path, body).status == status


def test_raw_policies_are_kept_as_they_are(sandbox: Sandbox) -> None:
    name = f"{unique('noreply')}@shop.example"

    sandbox.identity(name, REGION, policies={"text": "not json", "object": {"Statement": []}})

    found = sandbox.client("sesv2", REGION).get_email_identity(EmailIdentity=name)["Policies"]
    assert found == {"text": "not json", "object": '{"Statement": []}'}


def test_the_verdict_needs_no_mail(sandbox: Sandbox) -> None:
    arn = sandbox.identity(f"{unique('noreply')}@shop.example", "eu-west-1")
    pool, _ = sandbox.pool(REGION, {"EmailSendingAccount": "COGNITO_DEFAULT", "SourceArn": arn})

    verdict = sandbox.control("POST", "judge", {"pool": pool})

    assert (verdict["accepted"], verdict["stage"], verdict["error"]) == (False, "authorization", None)
    assert sandbox.control("GET", "mail", pool=pool) == sandbox.control("GET", "mail/lost", pool=pool) == []


@pytest.mark.parametrize(
    ("members", "decision"),
    [({}, "Allow"), ({"Effect": "Deny"}, "Deny"), ({"Action": "ses:SendRawEmail"}, "ImplicitDeny")],
)
def test_policies_can_be_judged_on_their_own(members: dict[str, Any], decision: str, sandbox: Sandbox) -> None:
    arn, pool = "arn:aws:ses:us-west-2:123456789012:identity/x.example", sandbox.pool_arn(f"{REGION}_x")
    asked = {
        "policies": {"p": grant(arn, pool, **members)},
        "principal": "email.cognito-idp.amazonaws.com",
        "action": "ses:SendEmail",
        "resource": arn,
        "context": {"aws:SourceAccount": sandbox.account, "aws:SourceArn": pool},
    }

    assert sandbox.control("POST", "judge/policy", asked) == {"decision": decision}


def test_a_role_can_be_judged_too(sandbox: Sandbox) -> None:
    arn, role = "arn:aws:ses:us-west-2:123456789012:identity/x.example", "arn:aws:iam::123456789012:role/app"
    policy = grant(arn, sandbox.pool_arn("x_y"), Principal={"AWS": role}, Condition={})
    asked = {"policies": {"p": policy}, "role_arn": role, "action": "ses:SendEmail", "resource": arn}

    assert sandbox.control("POST", "judge/policy", asked) == {"decision": "Allow"}


def test_emptying_the_mailbox_forgets_what_arrived(sandbox: Sandbox) -> None:
    pool, client = sandbox.pool(REGION)
    address = sandbox.sign_up(REGION, client)
    before = sandbox.control("GET", "mail", pool=pool)

    sandbox.control("DELETE", "mail")

    assert [mail["to"] for mail in before] == [address]
    assert sandbox.control("GET", "mail") == []


def test_cloudformation_makes_identities_of_the_same_store(sandbox: Sandbox) -> None:
    name, stack = f"{unique('shop')}.example", unique("stack")
    template = {
        "Resources": {
            "Identity": {
                "Type": "AWS::SES::EmailIdentity",
                "Properties": {"EmailIdentity": name, "FeedbackAttributes": {"EmailForwardingEnabled": False}},
            },
            "Set": {"Type": "AWS::SES::ConfigurationSet", "Properties": {"Name": stack}},
        }
    }
    cloudformation = sandbox.client("cloudformation", REGION)

    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})

    found = sandbox.client("sesv2", REGION).get_email_identity(EmailIdentity=name)
    assert (found["VerifiedForSendingStatus"], found["FeedbackForwardingStatus"]) == (False, False)
    assert {"Name": stack} in sandbox.client("ses", REGION).list_configuration_sets()["ConfigurationSets"]
