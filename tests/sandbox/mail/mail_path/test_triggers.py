"""Every message of the documented table is really sent, through the chain, with the pool's REPLY-TO."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, unique

REGION = "ap-northeast-2"
PASSWORD = "Sesame-0pen!"


@pytest.fixture
def pool(sandbox: Sandbox) -> tuple[str, str]:
    """Make a pool on the account's own SES, with a REPLY-TO."""
    sandbox.service_linked_role()
    arn = sandbox.identity(f"{unique('noreply')}@shop.example", REGION)
    configuration = {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": arn,
        "ReplyToEmailAddress": "help@shop.example",
    }
    return sandbox.pool(REGION, configuration)


def only_new(sandbox: Sandbox, address: str, seen: int) -> dict[str, Any]:
    mails = sandbox.mail_to(address)
    assert len(mails) == seen + 1
    assert mails[-1]["reply_to"] == "help@shop.example"
    return mails[-1]


def signed_in(sandbox: Sandbox, client: str, address: str) -> str:
    cognito, name = sandbox.client("cognito-idp", REGION), address.partition("@")[0]
    cognito.confirm_sign_up(ClientId=client, Username=name, ConfirmationCode="123456")
    answer = cognito.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )
    return str(answer["AuthenticationResult"]["AccessToken"])


def test_sign_up_its_repetition_and_a_forgotten_password(sandbox: Sandbox, pool: tuple[str, str]) -> None:
    cognito, (_, client) = sandbox.client("cognito-idp", REGION), pool
    address = sandbox.sign_up(REGION, client)
    name = address.partition("@")[0]

    assert only_new(sandbox, address, 0)["trigger"] == "SignUp"
    cognito.resend_confirmation_code(ClientId=client, Username=name)
    assert only_new(sandbox, address, 1)["trigger"] == "ResendConfirmationCode"
    cognito.confirm_sign_up(ClientId=client, Username=name, ConfirmationCode="123456")
    cognito.forgot_password(ClientId=client, Username=name)
    mail = only_new(sandbox, address, 2)
    assert (mail["trigger"], "654321" in mail["body"]) == ("ForgotPassword", True)


def test_an_invitation(sandbox: Sandbox, pool: tuple[str, str]) -> None:
    address = f"{unique('guest')}@customer.example"

    sandbox.client("cognito-idp", REGION).admin_create_user(
        UserPoolId=pool[0],
        Username=address.partition("@")[0],
        TemporaryPassword=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": address}],
        DesiredDeliveryMediums=["EMAIL"],
    )

    mail = only_new(sandbox, address, 0)
    assert (mail["trigger"], PASSWORD in mail["body"]) == ("AdminCreateUser", True)


def test_verification_of_an_attribute_on_demand_and_after_a_change(sandbox: Sandbox, pool: tuple[str, str]) -> None:
    cognito, (_, client) = sandbox.client("cognito-idp", REGION), pool
    address = sandbox.sign_up(REGION, client)
    token = signed_in(sandbox, client, address)

    cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    assert only_new(sandbox, address, 1)["trigger"] == "GetUserAttributeVerificationCode"

    other = f"{unique('moved')}@customer.example"
    changed = cognito.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "email", "Value": other}])
    mail = only_new(sandbox, other, 0)
    assert mail["trigger"] == "UpdateUserAttributes"
    assert changed["CodeDeliveryDetailsList"][0]["AttributeName"] == "email"

    with pytest.raises(ClientError, match="CodeMismatchException"):
        cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code="0")
    cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code="246810")
    attributes = {one["Name"]: one["Value"] for one in cognito.get_user(AccessToken=token)["UserAttributes"]}
    assert (attributes["email"], attributes["email_verified"]) == (other, "true")


def test_a_second_factor_by_mail(sandbox: Sandbox, pool: tuple[str, str]) -> None:
    cognito, (pool_id, client) = sandbox.client("cognito-idp", REGION), pool
    address = sandbox.sign_up(REGION, client)
    signed_in(sandbox, client, address)
    name = address.partition("@")[0]
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool_id, MfaConfiguration="ON", EmailMfaConfiguration={"Subject": "Sign in", "Message": "{####}!"}
    )

    challenge = cognito.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )

    mail = only_new(sandbox, address, 1)
    assert (challenge["ChallengeName"], mail["trigger"], mail["subject"]) == ("EMAIL_OTP", "InitiateAuth", "Sign in")
    answer = cognito.respond_to_auth_challenge(
        ClientId=client,
        ChallengeName="EMAIL_OTP",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": name, "EMAIL_OTP_CODE": mail["body"].rstrip("!")},
    )
    assert "AccessToken" in answer["AuthenticationResult"]


def test_a_pool_that_verifies_nothing_sends_no_code(sandbox: Sandbox) -> None:
    _, client = sandbox.pool(REGION, AutoVerifiedAttributes=[])

    address = sandbox.sign_up(REGION, client)

    assert sandbox.mail_to(address) == []
    assert [loss["stage"] for loss in sandbox.lost_to(address)] == ["pool"]
    with pytest.raises(ClientError, match="Auto verification not turned on"):
        sandbox.client("cognito-idp", REGION).resend_confirmation_code(
            ClientId=client, Username=address.partition("@")[0]
        )
