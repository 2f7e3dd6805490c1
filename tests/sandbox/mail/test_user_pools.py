"""UpdateUserPool sets what it is not given to defaults, member by member, and refuses what Cognito refuses."""

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

    assert members == RESET.keys() | KEPT.keys()


@pytest.mark.parametrize("member", RESET)
def test_an_update_without_it_resets(member: str, sandbox: Sandbox) -> None:
    given, default = RESET[member]
    pool = created(sandbox, **({member: given} if member not in _NEWER else {}))
    before = updated(sandbox, pool, **{member: given})

    after = updated(sandbox, pool)

    assert contains(before[member], given)
    assert after.get(member) == default


_NEWER = {"KeyConfiguration", "IssuerConfiguration"}


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


def test_both_validity_periods_together_are_refused(sandbox: Sandbox) -> None:
    pool = created(sandbox)
    said = "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"

    with pytest.raises(ClientError, match=said):
        updated(
            sandbox,
            pool,
            AdminCreateUserConfig={"UnusedAccountValidityDays": 7},
            Policies={"PasswordPolicy": {"TemporaryPasswordValidityDays": 7}},
        )
    updated(sandbox, pool, Policies={"PasswordPolicy": {"TemporaryPasswordValidityDays": 9}})
    shown = described(sandbox, pool)["AdminCreateUserConfig"]["UnusedAccountValidityDays"]
    with pytest.raises(ClientError, match=said):
        updated(sandbox, pool, AdminCreateUserConfig={"UnusedAccountValidityDays": 9})

    assert shown == 9


def test_the_legacy_messages_mirror_the_template_and_must_not_differ(sandbox: Sandbox) -> None:
    pool = created(sandbox)

    after = updated(sandbox, pool, VerificationMessageTemplate={"EmailMessage": "New {####}", "EmailSubject": "S"})
    with pytest.raises(ClientError, match="EmailVerificationMessage must be equal"):
        updated(
            sandbox,
            pool,
            EmailVerificationMessage="Old {####}",
            VerificationMessageTemplate={"EmailMessage": "New {####}"},
        )

    assert (after["EmailVerificationMessage"], after["EmailVerificationSubject"]) == ("New {####}", "S")


def test_both_forms_of_the_message_can_be_refused(sandbox: Sandbox) -> None:
    pool = created(sandbox)
    template = {"EmailMessage": "{####}", "EmailMessageByLink": "{##here##}"}

    taken = updated(sandbox, pool, VerificationMessageTemplate=template)["VerificationMessageTemplate"]
    sandbox.control("POST", f"cognito/pools/{pool}", {"refuse_both_messages": True})
    with pytest.raises(ClientError, match="The message is invalid"):
        updated(sandbox, pool, VerificationMessageTemplate=template)

    assert contains(taken, template)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"UserPoolTags": {"aws:cloudformation:stack-name": "x"}}, "aws: prefixed tag key"),
        (
            {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}},
            "must exist in AutoVerifiedAttributes",
        ),
        ({"AutoVerifiedAttributes": ["phone_number"]}, "SMS configuration is required"),
        ({"SmsConfiguration": {"ExternalId": "x"}}, "must name a role"),
        ({"MfaConfiguration": "ON"}, "SMS configuration and Auto verification"),
    ],
)
def test_an_update_is_refused_for(members: dict[str, Any], said: str, sandbox: Sandbox) -> None:
    pool = created(sandbox, UserPoolTags={"team": "mail"})
    before = described(sandbox, pool)

    with pytest.raises(ClientError, match=said):
        updated(sandbox, pool, **members)

    assert described(sandbox, pool) == before


def test_sms_and_mfa_together_switch_sms_on(sandbox: Sandbox) -> None:
    cognito, pool = sandbox.client("cognito-idp", REGION), created(sandbox)
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
    )

    updated(sandbox, pool, SmsConfiguration={"SnsCallerArn": _ROLE})
    without = cognito.get_user_pool_mfa_config(UserPoolId=pool)
    updated(sandbox, pool, SmsConfiguration={"SnsCallerArn": _ROLE}, MfaConfiguration="OPTIONAL")
    together = cognito.get_user_pool_mfa_config(UserPoolId=pool)

    assert "SmsMfaConfiguration" not in without
    assert together["SmsMfaConfiguration"] == {"SmsConfiguration": {"SnsCallerArn": _ROLE}}
    assert "SoftwareTokenMfaConfiguration" not in described(sandbox, pool)


def test_factors_are_replaced_as_a_whole(sandbox: Sandbox) -> None:
    cognito, pool = sandbox.client("cognito-idp", REGION), created(sandbox)
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
    )

    with pytest.raises(ClientError, match="can't turn off MFA and configure an MFA together"):
        cognito.set_user_pool_mfa_config(UserPoolId=pool, SoftwareTokenMfaConfiguration={"Enabled": True})
    with pytest.raises(ClientError, match="EmailSendingAccount of COGNITO_DEFAULT"):
        cognito.set_user_pool_mfa_config(
            UserPoolId=pool, MfaConfiguration="ON", EmailMfaConfiguration={"Message": "{####}"}
        )
    off = cognito.set_user_pool_mfa_config(UserPoolId=pool)

    assert off["MfaConfiguration"] == "OFF"
    assert "SoftwareTokenMfaConfiguration" not in off


def test_a_protected_pool_is_not_deleted(sandbox: Sandbox) -> None:
    cognito, pool = sandbox.client("cognito-idp", REGION), created(sandbox, DeletionProtection="ACTIVE")

    with pytest.raises(ClientError, match="deletion protection is activated"):
        cognito.delete_user_pool(UserPoolId=pool)
    updated(sandbox, pool)
    cognito.delete_user_pool(UserPoolId=pool)

    with pytest.raises(cognito.exceptions.ResourceNotFoundException):
        described(sandbox, pool)


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
