"""What Cognito refuses about a pool whatever its mail looks like, and how its factors are replaced."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, Untyped, unique

REGION = "ap-northeast-2"
_ROLE = "arn:aws:iam::123456789012:role/sms"


def described(sandbox: Sandbox, pool: str) -> dict[str, Any]:
    answer = sandbox.client("cognito-idp", REGION).describe_user_pool(UserPoolId=pool)
    return dict(answer["UserPool"])


def updated(sandbox: Sandbox, pool: str, **members: Untyped) -> dict[str, Any]:
    sandbox.client("cognito-idp", REGION).update_user_pool(UserPoolId=pool, **members)
    return described(sandbox, pool)


def created(sandbox: Sandbox, **members: Untyped) -> str:
    answer = sandbox.client("cognito-idp", REGION).create_user_pool(PoolName=unique("pool"), **members)
    return str(answer["UserPool"]["Id"])


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

    assert template.items() <= taken.items()


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


RECOVERY = {
    "by email only": (["verified_email"], False),
    "by email and phone": (["verified_email", "verified_phone_number"], True),
    "by an administrator": (["admin_only"], True),
}


@pytest.mark.parametrize("case", RECOVERY)
def test_email_mfa_with_recovery(case: str, sandbox: Sandbox) -> None:
    names, accepted = RECOVERY[case]
    sandbox.service_linked_role()
    arn = sandbox.identity(f"{unique('orders')}@shop.example", REGION)
    configuration = {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn}
    setting = {"RecoveryMechanisms": [{"Priority": at, "Name": name} for at, name in enumerate(names, 1)]}
    before, after = (
        sandbox.pool(REGION, configuration, **members)[0] for members in ({"AccountRecoverySetting": setting}, {})
    )
    cognito = sandbox.client("cognito-idp", REGION)

    def turn_on(pool: str) -> None:
        cognito.set_user_pool_mfa_config(
            UserPoolId=pool, MfaConfiguration="OPTIONAL", EmailMfaConfiguration={"Subject": "Code"}
        )

    turn_on(after)
    calls = (
        lambda: turn_on(before),
        lambda: cognito.update_user_pool(
            UserPoolId=after,
            EmailConfiguration=configuration,
            AutoVerifiedAttributes=["email"],
            MfaConfiguration="OPTIONAL",
            AccountRecoverySetting=setting,
        ),
    )
    for call in calls:
        if accepted:
            call()
        else:
            with pytest.raises(ClientError, match="account recovery"):
                call()
