"""UpdateUserPool sets what it is not given to defaults, member by member, and refuses what Cognito refuses."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, Untyped, unique

REGION = "ap-northeast-2"
_ROLE = "arn:aws:iam::123456789012:role/sms"

# member -> (what the pool is given, what DescribeUserPool shows once an update left the member out)
RESET: dict[str, tuple[Any, Any]] = {
    "AutoVerifiedAttributes": (["email"], None),
    "DeletionProtection": ("ACTIVE", "INACTIVE"),
    "LambdaConfig": ({"PreSignUp": "arn:aws:lambda:ap-northeast-2:123456789012:function:f"}, {}),
    "SmsAuthenticationMessage": ("Code {####}", None),
    "SmsVerificationMessage": ("Code {####}", None),
    "EmailVerificationMessage": ("Code {####}", None),
    "EmailVerificationSubject": ("Hello", None),
    "VerificationMessageTemplate": (
        {"DefaultEmailOption": "CONFIRM_WITH_CODE", "EmailMessage": "Code {####}", "EmailSubject": "Hi"},
        {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
    ),
    "UserAttributeUpdateSettings": (
        {"AttributesRequireVerificationBeforeUpdate": []},
        {"AttributesRequireVerificationBeforeUpdate": []},
    ),
    "DeviceConfiguration": (
        {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
        None,
    ),
    "EmailConfiguration": (
        {"EmailSendingAccount": "COGNITO_DEFAULT", "ReplyToEmailAddress": "help@shop.example"},
        {"EmailSendingAccount": "COGNITO_DEFAULT"},
    ),
    "SmsConfiguration": ({"SnsCallerArn": _ROLE, "ExternalId": "x"}, None),
    "UserPoolTags": ({"team": "mail"}, {}),
    "AdminCreateUserConfig": (
        {"AllowAdminCreateUserOnly": True, "InviteMessageTemplate": {"EmailSubject": "Welcome"}},
        {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
    ),
    "UserPoolAddOns": ({"AdvancedSecurityMode": "OFF"}, None),
    "AccountRecoverySetting": ({"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]}, None),
    "KeyConfiguration": ({"KeyType": "AWS_OWNED_KEY"}, None),
    "IssuerConfiguration": ({"Type": "UPDATED"}, None),
    "AcrConfiguration": ({"urn:level:1": {"AcrValue": "PASSWORD"}}, None),
    "DcrConfiguration": ({"EnableStatus": "Disabled"}, None),
}
KEPT: dict[str, Any] = {
    "MfaConfiguration": "OPTIONAL",
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": 12,
            "RequireUppercase": False,
            "RequireLowercase": True,
            "RequireNumbers": False,
            "RequireSymbols": False,
            "TemporaryPasswordValidityDays": 3,
        },
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]},
    },
    "UserPoolTier": "PLUS",
}


def described(sandbox: Sandbox, pool: str) -> dict[str, Any]:
    answer = sandbox.client("cognito-idp", REGION).describe_user_pool(UserPoolId=pool)
    found: dict[str, Any] = answer["UserPool"]
    return found


def updated(sandbox: Sandbox, pool: str, **members: Untyped) -> dict[str, Any]:
    sandbox.client("cognito-idp", REGION).update_user_pool(UserPoolId=pool, **members)
    return described(sandbox, pool)


def created(sandbox: Sandbox, **members: Untyped) -> str:
    answer = sandbox.client("cognito-idp", REGION).create_user_pool(PoolName=unique("pool"), **members)
    return str(answer["UserPool"]["Id"])


def test_the_tables_cover_every_member_of_the_request(sandbox: Sandbox) -> None:
    model = sandbox.client("cognito-idp", REGION).meta.service_model
    members = set(model.shape_for("UpdateUserPoolRequest").members) - {"UserPoolId", "PoolName"}

    assert members <= RESET.keys() | KEPT.keys()


@pytest.mark.parametrize("member", RESET)
def test_an_update_without_it_resets(member: str, sandbox: Sandbox) -> None:
    given, default = RESET[member]
    pool = created(sandbox)
    sandbox.cognito(REGION, "UpdateUserPool", UserPoolId=pool, **{member: given})
    before = sandbox.cognito(REGION, "DescribeUserPool", UserPoolId=pool)["UserPool"]

    sandbox.cognito(REGION, "UpdateUserPool", UserPoolId=pool)

    after = sandbox.cognito(REGION, "DescribeUserPool", UserPoolId=pool)["UserPool"]
    assert contains(before[member], given)
    assert after.get(member) == default


def contains(whole: object, part: object) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and contains(whole[name], value) for name, value in part.items())
    return whole == part


@pytest.mark.parametrize("member", KEPT)
def test_an_update_without_it_keeps(member: str, sandbox: Sandbox) -> None:
    pool = created(sandbox)
    if member == "MfaConfiguration":
        sandbox.client("cognito-idp", REGION).set_user_pool_mfa_config(
            UserPoolId=pool, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
        )
    else:
        updated(sandbox, pool, **{member: KEPT[member]})

    after = updated(sandbox, pool, AutoVerifiedAttributes=["email"])

    assert after[member] == KEPT[member]


@pytest.mark.parametrize("block", ["PasswordPolicy", "SignInPolicy"])
def test_a_block_of_policies_left_out_is_kept(block: str, sandbox: Sandbox) -> None:
    pool = created(sandbox)
    updated(sandbox, pool, Policies=KEPT["Policies"])
    other = {"PasswordPolicy", "SignInPolicy"} - {block}

    after = updated(sandbox, pool, Policies={name: KEPT["Policies"][name] for name in other})

    assert after["Policies"] == KEPT["Policies"]


def test_a_name_is_kept_and_can_be_changed(sandbox: Sandbox) -> None:
    pool, name = created(sandbox), unique("renamed")
    before = described(sandbox, pool)["Name"]

    assert updated(sandbox, pool)["Name"] == before
    assert updated(sandbox, pool, PoolName=name)["Name"] == name


def test_every_update_moves_the_date(sandbox: Sandbox) -> None:
    pool = created(sandbox)
    dates = [described(sandbox, pool)["LastModifiedDate"]]

    dates += [updated(sandbox, pool)["LastModifiedDate"] for _ in range(2)]

    assert dates == sorted(set(dates))


def test_a_plain_pool_shows_the_defaults_and_nothing_that_is_not_set(sandbox: Sandbox) -> None:
    found = described(sandbox, created(sandbox))

    shown = {name for name in found if name not in {"Id", "Name", "Arn", "CreationDate", "LastModifiedDate"}}
    assert shown == {
        "AdminCreateUserConfig",
        "DeletionProtection",
        "EmailConfiguration",
        "EstimatedNumberOfUsers",
        "LambdaConfig",
        "MfaConfiguration",
        "Policies",
        "SchemaAttributes",
        "UserAttributeUpdateSettings",
        "UserPoolTags",
        "UserPoolTier",
        "VerificationMessageTemplate",
    }
    assert found["EmailConfiguration"] == {"EmailSendingAccount": "COGNITO_DEFAULT"}
    assert found["Policies"]["SignInPolicy"] == {"AllowedFirstAuthFactors": ["PASSWORD"]}


def test_an_empty_email_configuration_stays_empty(sandbox: Sandbox) -> None:
    assert described(sandbox, created(sandbox, EmailConfiguration={}))["EmailConfiguration"] == {}


def test_pools_are_listed_in_pages_by_region(sandbox: Sandbox) -> None:
    region = "eu-north-1"
    cognito = sandbox.client("cognito-idp", region)
    made = {sandbox.pool(region)[0] for _ in range(3)}

    first = cognito.list_user_pools(MaxResults=2)
    second = cognito.list_user_pools(MaxResults=2, NextToken=first["NextToken"])

    assert {pool["Id"] for pool in first["UserPools"] + second["UserPools"]} == made
    assert "NextToken" not in second
    assert sandbox.client("cognito-idp", "eu-south-1").list_user_pools(MaxResults=60)["UserPools"] == []


def test_tags_of_a_pool_are_read_added_and_removed(sandbox: Sandbox) -> None:
    cognito, pool = sandbox.client("cognito-idp", REGION), created(sandbox, UserPoolTags={"a": "1"})
    arn = sandbox.pool_arn(pool)

    cognito.tag_resource(ResourceArn=arn, Tags={"mailwarden": "off"})
    cognito.untag_resource(ResourceArn=arn, TagKeys=["a"])
    with pytest.raises(ClientError, match="aws: prefixed"):
        cognito.tag_resource(ResourceArn=arn, Tags={"aws:x": "1"})

    assert cognito.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"mailwarden": "off"}
    assert described(sandbox, pool)["UserPoolTags"] == {"mailwarden": "off"}


def test_a_stack_writes_its_pool_as_a_whole(sandbox: Sandbox) -> None:
    cloudformation, stack = sandbox.client("cloudformation", REGION), unique("stack")

    def template(**properties: Untyped) -> str:
        return json.dumps({"Resources": {"Pool": {"Type": "AWS::Cognito::UserPool", "Properties": properties}}})

    cloudformation.create_stack(
        StackName=stack, TemplateBody=template(AutoVerifiedAttributes=["email"], UserPoolTags={"a": "1"})
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    pool = cloudformation.describe_stack_resources(StackName=stack)["StackResources"][0]["PhysicalResourceId"]
    before = described(sandbox, pool)
    cloudformation.update_stack(StackName=stack, TemplateBody=template(UserPoolTags={"a": "2"}))
    cloudformation.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    after = described(sandbox, pool)

    assert (before["AutoVerifiedAttributes"], before["UserPoolTags"]) == (["email"], {"a": "1"})
    assert "AutoVerifiedAttributes" not in after
    assert after["UserPoolTags"] == {"a": "2"}


def test_a_sign_up_by_link_needs_a_domain_of_the_pool(sandbox: Sandbox) -> None:
    region = "eu-west-1"
    template = {"DefaultEmailOption": "CONFIRM_WITH_LINK"}
    pool_id, client = sandbox.pool(region, VerificationMessageTemplate=template)
    cognito = sandbox.client("cognito-idp", region)

    with pytest.raises(ClientError, match="there does not exist a valid use pool domain"):
        sandbox.sign_up(region, client)
    cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=unique("shop"))
    address = sandbox.sign_up(region, client)

    assert len(sandbox.mail_to(address)) == 1
