"""FROM and REPLY-TO are read as SES reads them, and SES's condition keys of a message are in the request."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, grant, unique

REGION = "ap-northeast-2"
UAE, FRANKFURT = "me-central-1", "eu-central-1"
REGIONAL = "cognito-idp.me-central-1.amazonaws.com"

HEADERS = {
    "{0}": True,
    "Shop <{0}>": True,
    '"Shop, Inc." <{0}>': True,
    '"Shop: orders" <{0}>': True,
    "{0} (orders)": True,
    "Shop <{0}> (orders)": True,
    "DEBUG: Shop <{0}>": False,
    "Shop: {0};": False,
    "Shop, Inc. <{0}>": False,
    "[Shop] <{0}>": False,
    "Shop <<{0}>>": False,
    "Shop <{0}": False,
    'Sh"op <{0}>': False,
    "Shop (orders <{0}>": False,
    "Shop {0}": False,
    "Shop <or ders@shop.example>": False,
    "Shop <orders>": False,
    "Shop <orders..no@shop.example>": False,
}


@pytest.mark.parametrize("member", ["From", "ReplyToEmailAddress"])
@pytest.mark.parametrize("header", HEADERS)
def test_a_header(header: str, member: str, sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    address = f"{unique('orders')}@shop.example"
    arn = sandbox.identity(address, REGION)
    members = {member: header.format(address)}
    _, client = sandbox.pool(REGION, {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn} | members)

    if HEADERS[header]:
        assert len(sandbox.mail_to(sandbox.sign_up(REGION, client))) == 1
        return
    with pytest.raises(ClientError) as error:
        sandbox.sign_up(REGION, client)
    assert error.value.response["Error"]["Code"] == "CodeDeliveryFailureException"


@pytest.mark.parametrize("reply_to", ["a@shop.example, b@shop.example", "support", "Help <help@shop.example>"])
def test_cognito_refuses_a_reply_to_with_a_space_or_without_a_domain(reply_to: str, sandbox: Sandbox) -> None:
    pool, _ = sandbox.pool(REGION)
    arn = sandbox.identity(f"{unique('orders')}@shop.example", REGION)
    configuration = {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn, "ReplyToEmailAddress": reply_to}

    with pytest.raises(ClientError, match="replyToEmailAddress") as error:
        sandbox.client("cognito-idp", REGION).update_user_pool(UserPoolId=pool, EmailConfiguration=configuration)

    assert error.value.response["Error"]["Code"] == "InvalidParameterException"


CONDITIONS: dict[str, tuple[dict[str, Any], bool]] = {
    "its address": ({"StringEquals": {"ses:FromAddress": "{0}"}}, True),
    "another address": ({"StringEquals": {"ses:FromAddress": "other@shop.example"}}, False),
    "its name": ({"StringLike": {"ses:FromDisplayName": "Sh*"}}, True),
    "another name": ({"StringEquals": {"ses:FromDisplayName": "Store"}}, False),
    "customers": ({"ForAllValues:StringLike": {"ses:Recipients": "*@customer.example"}}, True),
    "staff": ({"ForAllValues:StringLike": {"ses:Recipients": "*@shop.example"}}, False),
}


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
@pytest.mark.parametrize("case", CONDITIONS)
def test_a_condition_on(case: str, effect: str, sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    condition, matches = CONDITIONS[case]
    address = f"{unique('orders')}@shop.example"
    arn = sandbox.identity(address, FRANKFURT)
    configuration = {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn, "From": f"Shop <{address}>"}
    pool, client = sandbox.pool(UAE, configuration)
    written = json.loads(json.dumps(condition).replace("{0}", address))
    statement = grant(arn, sandbox.pool_arn(pool), REGIONAL, Condition=written, Effect=effect)
    everybody = grant(arn, sandbox.pool_arn(pool), REGIONAL)
    policies = {"tested": statement} | ({"grant": everybody} if effect == "Deny" else {})
    sandbox.identity(address, FRANKFURT, policies=policies)

    assert sandbox.control("POST", "judge", {"pool": pool, "to": "jane@customer.example"})["accepted"] is (
        matches if effect == "Allow" else not matches
    )
    if matches and effect == "Allow":
        assert len(sandbox.mail_to(sandbox.sign_up(UAE, client))) == 1
