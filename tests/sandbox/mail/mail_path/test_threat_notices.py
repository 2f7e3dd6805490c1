"""Threat protection's risk configuration and its notices: refused as declared, mailed by a sender of their own."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, Untyped, grant, unique

REGION = "eu-west-1"
ENFORCED: dict[str, Untyped] = {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}


def notifying(arn: str, sender: str) -> Untyped:
    return {
        "NotifyConfiguration": {"SourceArn": arn, "From": sender},
        "Actions": {
            "LowAction": {"Notify": False, "EventAction": "NO_ACTION"},
            "HighAction": {"Notify": True, "EventAction": "BLOCK"},
        },
    }


def granted(sandbox: Sandbox, pool_id: str) -> tuple[str, str]:
    """Make an identity that Cognito may use for a pool; gives its name and ARN."""
    name = f"{unique('security')}@example.com"
    arn = sandbox.identity(name, REGION)
    sandbox.client("sesv2", REGION).create_email_identity_policy(
        EmailIdentity=name, PolicyName="cognito", Policy=json.dumps(grant(arn, sandbox.pool_arn(pool_id)))
    )
    return name, arn


def assessed(sandbox: Sandbox, pool_id: str, to: str, level: str = "High") -> Untyped:
    return sandbox.control("POST", f"cognito/pools/{pool_id}/risk", {"to": to, "level": level}, region=REGION)


def test_a_pool_without_threat_protection_has_no_risk_configuration(sandbox: Sandbox) -> None:
    pool_id, _ = sandbox.pool(REGION)

    with pytest.raises(ClientError, match="UserPoolAddOnNotEnabled"):
        sandbox.client("cognito-idp", REGION).describe_risk_configuration(UserPoolId=pool_id)


def test_a_risk_configuration_is_shown_as_it_was_set_and_reset_by_the_id_alone(sandbox: Sandbox) -> None:
    pool_id, _ = sandbox.pool(REGION, **ENFORCED)
    name, arn = granted(sandbox, pool_id)
    cognito = sandbox.client("cognito-idp", REGION)

    cognito.set_risk_configuration(UserPoolId=pool_id, AccountTakeoverRiskConfiguration=notifying(arn, name))
    shown = cognito.describe_risk_configuration(UserPoolId=pool_id)["RiskConfiguration"]
    cognito.set_risk_configuration(UserPoolId=pool_id)
    reset = cognito.describe_risk_configuration(UserPoolId=pool_id)["RiskConfiguration"]

    assert shown["AccountTakeoverRiskConfiguration"] == notifying(arn, name)
    assert "AccountTakeoverRiskConfiguration" not in reset


def test_a_sender_that_cognito_may_not_use_is_refused(sandbox: Sandbox) -> None:
    pool_id, _ = sandbox.pool(REGION, **ENFORCED)
    cognito, name = sandbox.client("cognito-idp", REGION), f"{unique('security')}@example.com"
    arn = f"arn:aws:ses:{REGION}:{sandbox.account}:identity/{name}"

    with pytest.raises(ClientError, match="InvalidParameter"):
        cognito.set_risk_configuration(UserPoolId=pool_id, AccountTakeoverRiskConfiguration=notifying(arn, name))
    sandbox.identity(name, REGION)
    with pytest.raises(ClientError, match="InvalidEmailRoleAccessPolicy"):
        cognito.set_risk_configuration(UserPoolId=pool_id, AccountTakeoverRiskConfiguration=notifying(arn, name))


def test_a_notice_is_mailed_by_its_own_sender_and_lost_in_silence_without_it(sandbox: Sandbox) -> None:
    pool_id, _ = sandbox.pool(REGION, **ENFORCED)
    name, arn = granted(sandbox, pool_id)
    sandbox.client("cognito-idp", REGION).set_risk_configuration(
        UserPoolId=pool_id, AccountTakeoverRiskConfiguration=notifying(arn, name)
    )
    address = f"{unique('user')}@customer.example"

    none = assessed(sandbox, pool_id, address, "Low")
    sent = assessed(sandbox, pool_id, address)
    sandbox.client("sesv2", REGION).delete_email_identity(EmailIdentity=name)
    lost = assessed(sandbox, pool_id, address)

    assert none is None
    assert sent["accepted"]
    assert [mail["from"] for mail in sandbox.mail_to(address)] == [name]
    assert (lost["accepted"], lost["stage"]) == (False, "identity")
    assert [mail["stage"] for mail in sandbox.lost_to(address)] == ["identity"]


def test_threat_protection_that_only_logs_mails_nothing(sandbox: Sandbox) -> None:
    audit: dict[str, Untyped] = {**ENFORCED, "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}
    pool_id, _ = sandbox.pool(REGION, **audit)
    name, arn = granted(sandbox, pool_id)
    sandbox.client("cognito-idp", REGION).set_risk_configuration(
        UserPoolId=pool_id, AccountTakeoverRiskConfiguration=notifying(arn, name)
    )

    assert assessed(sandbox, pool_id, f"{unique('user')}@customer.example") is None


def test_a_part_that_is_left_out_is_gone_and_an_app_clients_own_configuration_stays(sandbox: Sandbox) -> None:
    pool_id, client_id = sandbox.pool(REGION, **ENFORCED)
    name, arn = granted(sandbox, pool_id)
    cognito = sandbox.client("cognito-idp", REGION)
    blocked = {"Actions": {"EventAction": "BLOCK"}}
    for of_client in ({}, {"ClientId": client_id}):
        cognito.set_risk_configuration(
            UserPoolId=pool_id, AccountTakeoverRiskConfiguration=notifying(arn, name), **of_client
        )

    cognito.set_risk_configuration(UserPoolId=pool_id, CompromisedCredentialsRiskConfiguration=blocked)

    live = cognito.describe_risk_configuration(UserPoolId=pool_id)["RiskConfiguration"]
    own = cognito.describe_risk_configuration(UserPoolId=pool_id, ClientId=client_id)["RiskConfiguration"]
    assert live.keys() - {"LastModifiedDate"} == {"UserPoolId", "CompromisedCredentialsRiskConfiguration"}
    assert own["AccountTakeoverRiskConfiguration"] == notifying(arn, name)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"ClientId": "1nobody"}, "ResourceNotFound"),
        (
            {"AccountTakeoverRiskConfiguration": {"Actions": {"LowAction": {"Notify": True, "EventAction": "WAIT"}}}},
            "InvalidParameter",
        ),
        ({"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "MFA_REQUIRED"}}}, "InvalidParameter"),
        (
            {
                "CompromisedCredentialsRiskConfiguration": {
                    "Actions": {"EventAction": "BLOCK"},
                    "EventFilter": ["SIGN_OUT"],
                }
            },
            "InvalidParameter",
        ),
    ],
    ids=["client", "response", "action", "event"],
)
def test_what_the_service_does_not_know_is_refused(sandbox: Sandbox, parts: Untyped, code: str) -> None:
    pool_id, _ = sandbox.pool(REGION, **ENFORCED)

    with pytest.raises(ClientError, match=code):
        sandbox.client("cognito-idp", REGION).set_risk_configuration(UserPoolId=pool_id, **parts)
