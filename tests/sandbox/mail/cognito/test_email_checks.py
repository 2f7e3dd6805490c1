"""Creating and updating a pool checks its EmailConfiguration, in the words of the real service."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, grant, unique

REGION, SES = "ap-northeast-2", "us-west-2"
UAE, FRANKFURT = "me-central-1", "eu-central-1"
INVALID = "InvalidParameterException"


def updating(sandbox: Sandbox, pool: str, region: str = REGION, **configuration: str) -> None:
    sandbox.client("cognito-idp", region).update_user_pool(UserPoolId=pool, EmailConfiguration=configuration)


def refusal(sandbox: Sandbox, region: str = REGION, **configuration: str) -> tuple[str, str]:
    pool, _ = sandbox.pool(region)
    with pytest.raises(ClientError) as updated:
        updating(sandbox, pool, region, **configuration)
    error = updated.value.response["Error"]
    with pytest.raises(ClientError) as created:
        sandbox.client("cognito-idp", region).create_user_pool(
            PoolName=unique("refused"), EmailConfiguration=configuration
        )
    assert created.value.response["Error"] == error
    return error["Code"], error["Message"]


@pytest.fixture
def address() -> str:
    return f"{unique('noreply')}@shop.example"


def test_from_is_not_for_the_default_sender(sandbox: Sandbox, address: str) -> None:
    arn = sandbox.identity(address, SES)

    code, said = refusal(sandbox, EmailSendingAccount="COGNITO_DEFAULT", SourceArn=arn, From=address)

    assert (code, said) == (INVALID, "Cannot configure From email address for default email configuration")


def test_developer_needs_an_identity(sandbox: Sandbox) -> None:
    assert refusal(sandbox, EmailSendingAccount="DEVELOPER")[0] == INVALID


@pytest.mark.parametrize(
    ("member", "value"), [("sourceArn", "{arn} "), ("sourceArn", " {arn}"), ("configurationSet", "mail ")]
)
def test_what_no_pattern_takes_is_refused(sandbox: Sandbox, address: str, member: str, value: str) -> None:
    arn = sandbox.identity(address, REGION)
    name = f"{member[0].upper()}{member[1:]}"
    configuration = {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn, name: value.format(arn=arn)}

    code, said = refusal(sandbox, **configuration)

    assert code == INVALID
    assert f"Value at 'emailConfiguration.{member}' failed to satisfy constraint" in said


@pytest.mark.parametrize("account", ["DEVELOPER", "COGNITO_DEFAULT"])
def test_the_identity_must_be_verified_in_its_region(account: str, sandbox: Sandbox, address: str) -> None:
    arn = f"arn:aws:ses:{SES}:{sandbox.account}:identity/{address}"
    said = (
        "Cognito received the following error from Amazon SES when attempting to send email: Email address is not "
        f"verified. The following identities failed the check in region US-WEST-2: {arn}"
    )

    assert refusal(sandbox, EmailSendingAccount=account, SourceArn=arn) == (INVALID, said)
    sandbox.identity(address, SES, verification_status="PENDING")
    assert refusal(sandbox, EmailSendingAccount=account, SourceArn=arn) == (INVALID, said)


def test_an_address_of_a_verified_domain_is_not_an_identity(sandbox: Sandbox) -> None:
    domain = f"{unique('shop')}.example"
    sandbox.identity(domain, SES)
    arn = f"arn:aws:ses:{SES}:{sandbox.account}:identity/noreply@{domain}"

    assert "failed the check" in refusal(sandbox, EmailSendingAccount="DEVELOPER", SourceArn=arn)[1]


def test_the_identity_of_another_account_is_refused(sandbox: Sandbox, address: str) -> None:
    arn = f"arn:aws:ses:{SES}:999999999999:identity/{address}"

    assert refusal(sandbox, EmailSendingAccount="DEVELOPER", SourceArn=arn) == (
        "NotAuthorizedException",
        "Email arn does not belong to your account.",
    )


@pytest.mark.parametrize(
    ("pool_region", "ses_region", "account"),
    [
        (REGION, "eu-central-1", "DEVELOPER"),
        (REGION, "*", "COGNITO_DEFAULT"),
        ("eu-west-3", "us-east-1", "DEVELOPER"),
        (UAE, "eu-west-2", "DEVELOPER"),
        (UAE, UAE, "DEVELOPER"),
        (UAE, FRANKFURT, "COGNITO_DEFAULT"),
        ("ap-southeast-6", "us-east-1", "DEVELOPER"),
    ],
)
def test_a_region_the_pool_may_not_use_is_refused(
    pool_region: str, ses_region: str, account: str, sandbox: Sandbox, address: str
) -> None:
    if ses_region != "*":
        sandbox.identity(address, ses_region)
    arn = f"arn:aws:ses:{ses_region}:{sandbox.account}:identity/{address}"

    code, said = refusal(sandbox, pool_region, EmailSendingAccount=account, SourceArn=arn)

    assert code == INVALID
    assert f"not supported for user pools in {pool_region}" in said


@pytest.mark.parametrize("sender", [None, "noreply@other.example"])
def test_a_domain_identity_needs_a_from_of_its_own(sender: str | None, sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    arn = sandbox.identity(f"{unique('shop')}.example", SES)
    members = {"From": sender} if sender else {}

    assert refusal(sandbox, EmailSendingAccount="DEVELOPER", SourceArn=arn, **members)[0] == INVALID


def test_a_custom_from_needs_a_policy_but_the_wrong_principal_passes(sandbox: Sandbox, address: str) -> None:
    arn = sandbox.identity(address, SES)
    pool, _ = sandbox.pool(REGION)
    configuration = {"EmailSendingAccount": "COGNITO_DEFAULT", "SourceArn": arn}

    with pytest.raises(ClientError, match="InvalidEmailRoleAccessPolicyException"):
        updating(sandbox, pool, **configuration)
    wrong = grant(arn, sandbox.pool_arn(pool), "cognito-idp.amazonaws.com")
    sandbox.identity(address, SES, policies={"p": wrong})
    updating(sandbox, pool, **configuration)

    assert sandbox.control("POST", "judge", {"pool": pool})["stage"] == "authorization"


def test_an_alternate_region_takes_the_wildcard_form(sandbox: Sandbox, address: str) -> None:
    pool, _ = sandbox.pool(UAE)
    for region in (FRANKFURT, "eu-west-2"):
        arn = sandbox.identity(address, region)
        policy = grant(arn, sandbox.pool_arn(pool), "cognito-idp.me-central-1.amazonaws.com")
        sandbox.identity(address, region, policies={"p": policy})
    source = f"arn:aws:ses:*:{sandbox.account}:identity/{address}"

    updating(sandbox, pool, UAE, EmailSendingAccount="COGNITO_DEFAULT", SourceArn=source)

    assert sandbox.control("POST", "judge", {"pool": pool})["accepted"] is True


def test_a_denied_service_linked_role_is_refused(sandbox: Sandbox, address: str) -> None:
    sandbox.service_linked_role()
    arn = sandbox.identity(address, SES)
    pool, _ = sandbox.pool(REGION)
    statement: dict[str, Any] = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Condition": {}}
    sandbox.identity(address, SES, policies={"p": grant(arn, sandbox.pool_arn(pool), **statement)})

    with pytest.raises(ClientError, match="InvalidEmailRoleAccessPolicyException"):
        updating(sandbox, pool, EmailSendingAccount="DEVELOPER", SourceArn=arn)


def test_developer_creates_the_service_linked_role(sandbox: Sandbox, address: str) -> None:
    iam, role = sandbox.client("iam", "us-east-1"), "AWSServiceRoleForAmazonCognitoIdpEmailService"
    sandbox.service_linked_role()
    arn = sandbox.identity(address, SES)
    pool, _ = sandbox.pool(REGION)
    iam.delete_service_linked_role(RoleName=role)

    updating(sandbox, pool, EmailSendingAccount="DEVELOPER", SourceArn=arn)

    assert iam.get_role(RoleName=role)["Role"]["Path"] == "/aws-service-role/email.cognito-idp.amazonaws.com/"


def test_nothing_is_checked_again_after_the_write(sandbox: Sandbox, address: str) -> None:
    sandbox.service_linked_role()
    arn = sandbox.identity(address, SES)
    pool, _ = sandbox.pool(REGION)
    updating(sandbox, pool, EmailSendingAccount="DEVELOPER", SourceArn=arn)

    sandbox.client("ses", SES).delete_identity(Identity=address)

    found = sandbox.client("cognito-idp", REGION).describe_user_pool(UserPoolId=pool)["UserPool"]
    assert found["EmailConfiguration"]["SourceArn"] == arn
