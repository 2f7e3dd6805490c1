"""The ARNs of pools and identities: each in its partition, and of SES; an identity that SES looks for still sends."""

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, unique

REGION = "ap-northeast-2"


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-gov-west-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("eu-west-1", "aws"),
    ],
)
def test_arns_are_of_the_region_s_partition(region: str, partition: str, sandbox: Sandbox) -> None:
    pool = sandbox.client("cognito-idp", region).create_user_pool(PoolName=unique("pool"))["UserPool"]
    read = sandbox.client("cognito-idp", region).describe_user_pool(UserPoolId=pool["Id"])["UserPool"]

    assert pool["Arn"] == read["Arn"] == f"arn:{partition}:cognito-idp:{region}:{sandbox.account}:userpool/{pool['Id']}"


@pytest.mark.parametrize("arn", ["arn:aws:sesv2:{0}:{1}:identity/{2}", "arn:aws-cn:ses:{0}:{1}:identity/{2}"])
def test_an_arn_that_names_no_identity_sends_nothing(arn: str, sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    address = f"{unique('orders')}@shop.example"
    sandbox.identity(address, REGION)
    configuration = {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": arn.format(REGION, sandbox.account, address),
    }
    pool, client = sandbox.pool(REGION, configuration)

    with pytest.raises(ClientError) as stored:
        sandbox.client("cognito-idp", REGION).update_user_pool(UserPoolId=pool, EmailConfiguration=configuration)
    with pytest.raises(ClientError) as sent:
        sandbox.sign_up(REGION, client)

    assert stored.value.response["Error"]["Code"] == "InvalidParameterException"
    assert sent.value.response["Error"]["Code"] == "InvalidEmailRoleAccessPolicyException"


def test_an_identity_in_temporary_failure_still_sends(sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    address = f"{unique('orders')}@shop.example"
    arn = sandbox.identity(address, REGION, verification_status="TEMPORARY_FAILURE")
    _, client = sandbox.pool(REGION, {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn})

    assert len(sandbox.mail_to(sandbox.sign_up(REGION, client))) == 1
    sandbox.identity(address, REGION, verification_status="FAILED")
    with pytest.raises(ClientError, match="is FAILED"):
        sandbox.sign_up(REGION, client)
