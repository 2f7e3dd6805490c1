"""A pool's mail arrives when every link is sound, and is lost or refused at the first broken one."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, grant, unique

SEOUL, OREGON = "ap-northeast-2", "us-west-2"
UAE, FRANKFURT, LONDON = "me-central-1", "eu-central-1", "eu-west-2"
PARIS, VIRGINIA = "eu-west-3", "us-east-1"
REGIONAL = "cognito-idp.me-central-1.amazonaws.com"


@pytest.fixture
def address() -> str:
    return f"{unique('noreply')}@shop.example"


def default_sender(arn: str) -> dict[str, Any]:
    return {"EmailSendingAccount": "COGNITO_DEFAULT", "SourceArn": arn}


def developer(arn: str, **members: str) -> dict[str, Any]:
    return {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn, **members}


def assert_lost(sandbox: Sandbox, to: str, stage: str, said: str, *, arrived: int = 0) -> None:
    assert len(sandbox.mail_to(to)) == arrived
    (loss,) = sandbox.lost_to(to)
    assert (loss["stage"], loss["error"]) == (stage, None)
    assert said in loss["reason"]


def refused(sandbox: Sandbox, region: str, client: str) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        sandbox.sign_up(region, client)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


# --- the default sender


def test_the_default_sender_mails_from_cognito_s_own_address(sandbox: Sandbox) -> None:
    pool, client = sandbox.pool(SEOUL, {"From": "ignored@shop.example"})

    (mail,) = sandbox.mail_to(sandbox.sign_up(SEOUL, client))

    assert (mail["from"], mail["reply_to"], mail["identity"]) == ("no-reply@verificationemail.com", None, None)
    assert (mail["pool"], mail["trigger"], mail["ses_region"]) == (pool, "SignUp", None)
    assert "123456" in mail["body"]


def test_the_fifty_first_mail_of_the_day_is_an_error_of_the_call(sandbox: Sandbox) -> None:
    pool, client = sandbox.pool(SEOUL)
    used = sandbox.control("POST", "cognito/default-sender")["sent"]

    sandbox.control("POST", "cognito/default-sender", {"sent": 49})
    last = sandbox.sign_up(SEOUL, client)
    too_many = refused(sandbox, SEOUL, client)
    with pytest.raises(ClientError, match="Exceeded daily email limit") as invited:
        sandbox.client("cognito-idp", SEOUL).admin_create_user(
            UserPoolId=pool,
            Username="guest",
            UserAttributes=[{"Name": "email", "Value": "guest@customer.example"}],
            DesiredDeliveryMediums=["EMAIL"],
        )
    sandbox.client("cognito-idp", SEOUL).admin_confirm_sign_up(UserPoolId=pool, Username=last.partition("@")[0])
    forgotten = sandbox.client("cognito-idp", SEOUL).forgot_password(ClientId=client, Username=last.partition("@")[0])
    sandbox.control("POST", "cognito/default-sender", {"sent": used})

    assert len(sandbox.mail_to(last)) == 1
    assert too_many[0] == "LimitExceededException"
    assert too_many[1].startswith("Exceeded daily email limit for the operation or the account.")
    assert invited.value.response["Error"]["Code"] == "LimitExceededException"
    assert "CodeDeliveryDetails" in forgotten
    assert_lost(sandbox, last, "sender", "50 mails a day", arrived=1)


def test_a_custom_from_needs_the_policy_of_its_identity(sandbox: Sandbox, address: str) -> None:
    arn = sandbox.identity(address, OREGON)
    pool, client = sandbox.pool(SEOUL, default_sender(arn))

    before = sandbox.sign_up(SEOUL, client)
    sandbox.identity(address, OREGON, policies={"cognito": grant(arn, sandbox.pool_arn(pool))})
    after = sandbox.sign_up(SEOUL, client)
    sandbox.client("ses", OREGON).delete_identity_policy(Identity=address, PolicyName="cognito")
    again = sandbox.sign_up(SEOUL, client)

    assert_lost(sandbox, before, "authorization", "do not allow email.cognito-idp.amazonaws.com")
    (mail,) = sandbox.mail_to(after)
    assert (mail["from"], mail["reply_to"], mail["ses_region"]) == (address, address, OREGON)
    assert_lost(sandbox, again, "authorization", "do not allow")


POLICIES: dict[str, tuple[dict[str, Any], bool]] = {
    "the regional principal": ({"principal": "cognito-idp.ap-northeast-2.amazonaws.com"}, False),
    "the legacy principal": ({"principal": "cognito-idp.amazonaws.com"}, False),
    "another pool": ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:*:*:userpool/x"}}}, False),
    "another account": ({"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}}, False),
    "SendEmail only": ({"Action": "ses:SendEmail"}, False),
    "SendRawEmail only": ({"Action": "ses:SendRawEmail"}, False),
    "all of sending": ({"Action": "ses:Send*"}, True),
    "upper-case actions": ({"Action": ["SES:SendEmail", "SES:SendRawEmail"]}, True),
    "no condition": ({"Condition": {}}, True),
    "everybody": ({"Principal": "*"}, True),
    "a deny": ({"Effect": "Deny"}, False),
}


@pytest.mark.parametrize("case", POLICIES)
def test_a_policy_for(case: str, sandbox: Sandbox, address: str) -> None:
    members, arrives = POLICIES[case]
    arn = sandbox.identity(address, OREGON)
    pool, client = sandbox.pool(SEOUL, default_sender(arn))
    sandbox.identity(address, OREGON, policies={"p": grant(arn, sandbox.pool_arn(pool), **members)})

    to = sandbox.sign_up(SEOUL, client)

    assert len(sandbox.mail_to(to)) == arrives
    assert sandbox.control("POST", "judge", {"pool": pool})["accepted"] is arrives


def test_a_deny_in_another_policy_wins(sandbox: Sandbox, address: str) -> None:
    arn = sandbox.identity(address, OREGON)
    pool, client = sandbox.pool(SEOUL, default_sender(arn))
    allow, deny = (grant(arn, sandbox.pool_arn(pool), Effect=effect) for effect in ("Allow", "Deny"))
    sandbox.identity(address, OREGON, policies={"a": allow, "b": deny})

    assert_lost(sandbox, sandbox.sign_up(SEOUL, client), "authorization", "deny email.cognito-idp")


@pytest.mark.parametrize(
    ("region", "stage"),
    [("eu-west-3", "region"), ("eu-west-1", "identity"), ("ap-northeast-2", "identity"), ("*", "region")],
)
def test_a_custom_from_in_another_region(region: str, stage: str, sandbox: Sandbox, address: str) -> None:
    arn = f"arn:aws:ses:{region}:{sandbox.account}:identity/{address}"
    _, client = sandbox.pool(SEOUL, default_sender(arn))

    assert_lost(sandbox, sandbox.sign_up(SEOUL, client), stage, "in")


def test_an_unverified_identity_of_the_default_sender_loses_the_mail(sandbox: Sandbox, address: str) -> None:
    arn = sandbox.identity(address, OREGON, verification_status="FAILED")
    _, client = sandbox.pool(SEOUL, default_sender(arn))

    assert_lost(sandbox, sandbox.sign_up(SEOUL, client), "identity", "is FAILED in us-west-2")


def test_a_domain_identity_has_no_from_on_the_default_sender(sandbox: Sandbox) -> None:
    domain = f"{unique('shop')}.example"
    arn = sandbox.identity(domain, OREGON)
    _, client = sandbox.pool(SEOUL, default_sender(arn))

    assert_lost(sandbox, sandbox.sign_up(SEOUL, client), "sender", "without a FROM")


# --- the default sender of an alternate region


def test_an_alternate_region_needs_both_regions_and_the_regional_principal(sandbox: Sandbox, address: str) -> None:
    first, second = (sandbox.identity(address, region) for region in (FRANKFURT, LONDON))
    arn = f"arn:aws:ses:*:{sandbox.account}:identity/{address}"
    pool, client = sandbox.pool(UAE, default_sender(arn))

    sandbox.identity(address, FRANKFURT, policies={"p": grant(first, sandbox.pool_arn(pool), REGIONAL)})
    one = sandbox.sign_up(UAE, client)
    sandbox.identity(address, LONDON, policies={"p": grant(second, sandbox.pool_arn(pool))})
    wrong = sandbox.sign_up(UAE, client)
    sandbox.identity(address, LONDON, policies={"p": grant(second, sandbox.pool_arn(pool), REGIONAL)})
    both = sandbox.sign_up(UAE, client)

    assert_lost(sandbox, one, "authorization", f"in {LONDON}")
    assert_lost(sandbox, wrong, "authorization", REGIONAL)
    assert [mail["from"] for mail in sandbox.mail_to(both)] == [address]


def test_an_alternate_region_s_default_sender_must_name_every_region(sandbox: Sandbox, address: str) -> None:
    arn = sandbox.identity(address, FRANKFURT)
    _, client = sandbox.pool(UAE, default_sender(arn))

    assert_lost(sandbox, sandbox.sign_up(UAE, client), "region", "must say ses:*")


# --- DEVELOPER


def test_a_developer_pool_needs_no_policy(sandbox: Sandbox, address: str) -> None:
    sandbox.service_linked_role()
    arn = sandbox.identity(address, SEOUL)
    sent_before = sandbox.control("GET", f"ses/{SEOUL}/account")["quota"]["sent"]
    configuration = developer(arn, From=f"Shop <{address}>", ReplyToEmailAddress="help@shop.example")
    _, client = sandbox.pool(SEOUL, configuration)

    (mail,) = sandbox.mail_to(sandbox.sign_up(SEOUL, client))

    assert (mail["from"], mail["reply_to"]) == (f"Shop <{address}>", "help@shop.example")
    assert (mail["ses_region"], mail["identity"]) == (SEOUL, address)
    assert sandbox.control("GET", f"ses/{SEOUL}/account")["quota"]["sent"] == sent_before + 1


@pytest.mark.parametrize("sender", ["no-reply@{0}", "Shop <no-reply@mail.{0}>"])
def test_a_domain_identity_speaks_for_its_addresses(sender: str, sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    domain = f"{unique('shop')}.example"
    arn = sandbox.identity(domain, SEOUL)
    _, client = sandbox.pool(SEOUL, developer(arn, From=sender.format(domain)))

    (mail,) = sandbox.mail_to(sandbox.sign_up(SEOUL, client))

    assert (mail["from"], mail["reply_to"]) == (sender.format(domain), None)


def test_a_developer_pool_on_a_region_it_may_not_use_loses_its_mail(sandbox: Sandbox, address: str) -> None:
    sandbox.service_linked_role()
    arn = sandbox.identity(address, VIRGINIA)
    _, client = sandbox.pool(PARIS, developer(arn))

    assert_lost(sandbox, sandbox.sign_up(PARIS, client), "region", "identities in eu-west-3, not in us-east-1")


def test_a_region_without_a_row_loses_the_mail(sandbox: Sandbox, address: str) -> None:
    arn = sandbox.identity(address, "us-east-1")
    _, client = sandbox.pool("ap-southeast-6", developer(arn))

    assert_lost(sandbox, sandbox.sign_up("ap-southeast-6", client), "region", "No row is known")


def test_an_alternate_region_trusting_the_global_principal_loses_its_mail(sandbox: Sandbox, address: str) -> None:
    sandbox.service_linked_role()
    arn = sandbox.identity(address, FRANKFURT)
    pool, client = sandbox.pool(UAE, developer(arn))

    sandbox.identity(address, FRANKFURT, policies={"p": grant(arn, sandbox.pool_arn(pool))})
    before = sandbox.sign_up(UAE, client)
    sandbox.identity(address, FRANKFURT, policies={"p": grant(arn, sandbox.pool_arn(pool), REGIONAL)})
    after = sandbox.sign_up(UAE, client)

    assert_lost(sandbox, before, "authorization", f"do not allow {REGIONAL}")
    assert len(sandbox.mail_to(after)) == 1


def test_a_developer_pool_is_refused_when_cognito_may_not_use_the_identity(sandbox: Sandbox, address: str) -> None:
    sandbox.service_linked_role()
    arn = sandbox.identity(address, SEOUL)
    pool, client = sandbox.pool(SEOUL, developer(arn))
    role = f"role/aws-service-role/email.cognito-idp.amazonaws.com/{'AWSServiceRoleForAmazonCognitoIdpEmailService'}"
    deny = grant(
        arn,
        sandbox.pool_arn(pool),
        Effect="Deny",
        Principal={"AWS": f"arn:aws:iam::{sandbox.account}:{role}"},
        Condition={},
    )

    sandbox.identity(address, SEOUL, policies={"p": deny})
    denied = refused(sandbox, SEOUL, client)
    sandbox.identity(address, SEOUL, policies={}, verification_status="PENDING")
    unverified = refused(sandbox, SEOUL, client)
    sandbox.control("DELETE", f"ses/{SEOUL}/identities/{address}")
    missing = refused(sandbox, SEOUL, client)

    assert {code for code, _ in (denied, unverified, missing)} == {"InvalidEmailRoleAccessPolicyException"}
    assert "denies AWSServiceRoleForAmazonCognitoIdpEmailService" in denied[1]
    assert "is PENDING" in unverified[1]
    assert "does not exist" in missing[1]


@pytest.mark.parametrize("sender", ["", "no-reply@other.example", "no-reply@notshop.example"])
def test_a_from_outside_the_domain_identity_is_refused(sender: str, sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    arn = sandbox.identity("shop.example", "ca-central-1")
    _, client = sandbox.pool("ca-central-1", developer(arn, **({"From": sender} if sender else {})))

    assert refused(sandbox, "ca-central-1", client)[0] == "InvalidEmailRoleAccessPolicyException"
