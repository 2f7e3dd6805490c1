"""Roles scoped as the documentation says are enough, and are needed."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, Untyped, grant, unique

REGION = "ap-northeast-2"
_ROLE = "AWSServiceRoleForAmazonCognitoIdpEmailService"


def acting_as(sandbox: Sandbox, *statements: dict[str, Any]) -> dict[str, str]:
    """Give the credentials of a new role that may do just this."""
    iam, sts, name = sandbox.client("iam", "us-east-1"), sandbox.client("sts", REGION), unique("role")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": sandbox.account}, "Action": "sts:AssumeRole"},
        ],
    }
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    made = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return {
        "aws_access_key_id": made["AccessKeyId"],
        "aws_secret_access_key": made["SecretAccessKey"],
        "aws_session_token": made["SessionToken"],
    }


def may(action: str | list[str], resource: str, **members: Untyped) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **members}


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_v2_calls_are_authorized_on_the_identity(sandbox: Sandbox) -> None:
    mine, other = (f"{unique('noreply')}@shop.example" for _ in range(2))
    arn = sandbox.identity(mine, REGION)
    sandbox.identity(other, REGION)
    credentials = acting_as(sandbox, may(["ses:*EmailIdentity*", "ses:*Tag*"], arn))
    ses = sandbox.client("sesv2", REGION, **credentials)
    policy = json.dumps(grant(arn, sandbox.pool_arn(f"{REGION}_x")))

    ses.create_email_identity_policy(EmailIdentity=mine, PolicyName="p", Policy=policy)
    ses.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    found = ses.get_email_identity(EmailIdentity=mine)

    assert list(found["Policies"]) == ["p"]
    assert ses.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    refused: dict[str, dict[str, str]] = {
        "get_email_identity": {"EmailIdentity": other},
        "create_email_identity_policy": {"EmailIdentity": other, "PolicyName": "p", "Policy": policy},
        "list_tags_for_resource": {"ResourceArn": arn.replace(mine, other)},
        "list_email_identities": {},
    }
    for call, parameters in refused.items():
        with pytest.raises(ClientError) as error:
            getattr(ses, call)(**parameters)
        assert code_of(error) == "AccessDeniedException"


def test_calls_about_the_suppression_list_need_every_resource(sandbox: Sandbox) -> None:
    address = f"{unique('gone')}@customer.example"
    actions = ["ses:ListSuppressedDestinations", "ses:GetSuppressedDestination", "ses:DeleteSuppressedDestination"]
    wide = sandbox.client("sesv2", REGION, **acting_as(sandbox, may(actions, "*")))
    narrow = sandbox.client("sesv2", REGION, **acting_as(sandbox, may(actions, f"arn:aws:ses:{REGION}:*:identity/*")))
    sandbox.control("POST", "ses/suppression", {"region": REGION, "entries": [{"address": address}]})
    calls: dict[str, dict[str, str]] = {
        "list_suppressed_destinations": {},
        "get_suppressed_destination": {"EmailAddress": address},
        "delete_suppressed_destination": {"EmailAddress": address},
    }

    for call, parameters in calls.items():
        with pytest.raises(ClientError) as error:
            getattr(narrow, call)(**parameters)
        assert code_of(error) == "AccessDeniedException"
        getattr(wide, call)(**parameters)

    made = sandbox.control("GET", "calls", action="*SuppressedDestination*", role="role-*")
    assert {(call["action"], call["resource"]) for call in made} == {(each.partition(":")[2], "*") for each in actions}


def test_v1_calls_need_every_resource(sandbox: Sandbox) -> None:
    name = f"{unique('noreply')}@shop.example"
    arn = sandbox.identity(name, REGION)
    scoped = sandbox.client("ses", REGION, **acting_as(sandbox, may("ses:*", arn)))
    wide = sandbox.client("ses", REGION, **acting_as(sandbox, may("ses:ListIdentityPolicies", "*")))

    assert wide.list_identity_policies(Identity=name)["PolicyNames"] == []
    with pytest.raises(ClientError) as error:
        scoped.list_identity_policies(Identity=name)
    assert code_of(error) == "AccessDenied"


def test_sending_is_authorized_on_the_identity(sandbox: Sandbox) -> None:
    domain = f"{unique('shop')}.example"
    arn = sandbox.identity(domain, REGION)
    credentials = acting_as(sandbox, may("ses:SendEmail", arn))
    message = {"Subject": {"Data": "a"}, "Body": {"Text": {"Data": "b"}}}

    sandbox.client("sesv2", REGION, **credentials).send_email(
        FromEmailAddress=f"A <a@{domain}>",
        Destination={"ToAddresses": ["x@x.example"]},
        Content={"Simple": message},
    )
    with pytest.raises(ClientError) as error:
        sandbox.client("ses", REGION, **credentials).send_email(
            Source="a@elsewhere.example", Destination={"ToAddresses": ["x@x.example"]}, Message=message
        )

    assert code_of(error) == "AccessDenied"


def test_tags_of_a_pool_are_authorized_on_the_pool(sandbox: Sandbox) -> None:
    mine, other = sandbox.pool(REGION)[0], sandbox.pool(REGION)[0]
    credentials = acting_as(sandbox, may("cognito-idp:ListTagsForResource", sandbox.pool_arn(mine)))
    cognito = sandbox.client("cognito-idp", REGION, **credentials)

    assert cognito.list_tags_for_resource(ResourceArn=sandbox.pool_arn(mine))["Tags"] == {}
    with pytest.raises(ClientError) as error:
        cognito.list_tags_for_resource(ResourceArn=sandbox.pool_arn(other))
    assert code_of(error) == "AccessDeniedException"


def test_passing_the_sms_role_needs_a_permission(sandbox: Sandbox) -> None:
    pool, _ = sandbox.pool(REGION)
    role = f"arn:aws:iam::{sandbox.account}:role/sms"
    update = may("cognito-idp:UpdateUserPool", sandbox.pool_arn(pool))
    condition = {"StringEquals": {"iam:PassedToService": "cognito-idp.amazonaws.com"}}
    passing = may("iam:PassRole", role, Condition=condition)
    without = sandbox.client("cognito-idp", REGION, **acting_as(sandbox, update))
    with_it = sandbox.client("cognito-idp", REGION, **acting_as(sandbox, update, passing))

    with_it.update_user_pool(UserPoolId=pool, SmsConfiguration={"SnsCallerArn": role})
    with pytest.raises(ClientError, match="not authorized to perform: iam:PassRole") as error:
        without.update_user_pool(UserPoolId=pool, SmsConfiguration={"SnsCallerArn": role})

    assert code_of(error) == "AccessDeniedException"


def test_the_service_linked_role_is_made_with_the_caller_s_permission(sandbox: Sandbox) -> None:
    iam = sandbox.client("iam", "us-east-1")
    arn = sandbox.identity(f"{unique('noreply')}@shop.example", REGION)
    pool, _ = sandbox.pool(REGION)
    update = may("cognito-idp:UpdateUserPool", sandbox.pool_arn(pool))
    service = "email.cognito-idp.amazonaws.com"
    create = may(
        "iam:CreateServiceLinkedRole",
        f"arn:aws:iam::{sandbox.account}:role/aws-service-role/{service}/*",
        Condition={"StringEquals": {"iam:AWSServiceName": service}},
    )
    without = sandbox.client("cognito-idp", REGION, **acting_as(sandbox, update))
    with_it = sandbox.client("cognito-idp", REGION, **acting_as(sandbox, update, create))
    configuration = {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn}
    sandbox.service_linked_role()
    iam.delete_service_linked_role(RoleName=_ROLE)

    with pytest.raises(ClientError, match="not authorized to perform: iam:CreateServiceLinkedRole"):
        without.update_user_pool(UserPoolId=pool, EmailConfiguration=configuration)
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=_ROLE)
    with_it.update_user_pool(UserPoolId=pool, EmailConfiguration=configuration)
    without.update_user_pool(UserPoolId=pool, EmailConfiguration=configuration)

    assert iam.get_role(RoleName=_ROLE)["Role"]["RoleName"] == _ROLE
