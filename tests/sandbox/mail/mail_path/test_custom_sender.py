"""Mail of a pool with a custom sender goes to its function, if Cognito can encrypt the code and invoke the function."""

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, unique

REGION = "ap-northeast-2"


def function(sandbox: Sandbox) -> tuple[str, str]:
    """Make a function; gives its name and ARN."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("app.py", "def handler(event, context): return event")
    role = sandbox.client("iam", "us-east-1").create_role(
        RoleName=unique("mailer"),
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
                ],
            }
        ),
    )["Role"]["Arn"]
    made = sandbox.client("lambda", REGION).create_function(
        FunctionName=unique("mailer"),
        Runtime="python3.13",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    return made["FunctionName"], made["FunctionArn"]


def permit(sandbox: Sandbox, name: str, source: str, **members: Any) -> None:  # noqa: ANN401 - members of a call
    sandbox.client("lambda", REGION).add_permission(
        FunctionName=name,
        StatementId=unique("cognito"),
        Action="lambda:InvokeFunction",
        Principal=members.pop("principal", "cognito-idp.amazonaws.com"),
        SourceArn=source,
        **members,
    )


def handing_to(sandbox: Sandbox, pool: str, function_arn: str, key: str | None) -> None:
    triggers: dict[str, Any] = {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": function_arn}}
    if key is not None:
        triggers["KMSKeyID"] = key
    sandbox.control("POST", f"cognito/pools/{pool}", {"members": {"LambdaConfig": triggers}})


def refused(sandbox: Sandbox, client: str) -> str:
    with pytest.raises(ClientError) as error:
        sandbox.sign_up(REGION, client)
    assert error.value.response["Error"]["Code"] == "UnexpectedLambdaException"
    return str(error.value.response["Error"]["Message"])


def test_mail_goes_to_a_function_that_cognito_may_invoke(sandbox: Sandbox) -> None:
    pool, client = sandbox.pool(REGION, {"EmailSendingAccount": "DEVELOPER"})
    name, arn = function(sandbox)
    kms = sandbox.client("kms", REGION)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    handing_to(sandbox, pool, arn, key)

    not_permitted = refused(sandbox, client)
    permit(sandbox, name, f"{sandbox.pool_arn(pool)}-other")
    for_another_pool = refused(sandbox, client)
    permit(sandbox, name, sandbox.pool_arn(pool))
    (mail,) = sandbox.mail_to(sandbox.sign_up(REGION, client))
    kms.disable_key(KeyId=key)
    disabled = refused(sandbox, client)

    assert "AccessDeniedException" in not_permitted
    assert "AccessDeniedException" in for_another_pool
    assert mail["handed_to"] == arn
    assert "the key is Disabled" in disabled


@pytest.mark.parametrize("missing", ["function", "key"])
def test_mail_of_a_pool_whose_function_or_key_is_missing_fails(missing: str, sandbox: Sandbox) -> None:
    pool, client = sandbox.pool(REGION)
    name, arn = function(sandbox)
    permit(sandbox, name, sandbox.pool_arn(pool))
    key = f"arn:aws:kms:{REGION}:{sandbox.account}:key/{'0' * 8}-0000-0000-0000-{'0' * 12}"
    if missing == "function":
        arn, key = f"{arn}-gone", sandbox.client("kms", REGION).create_key()["KeyMetadata"]["Arn"]
    handing_to(sandbox, pool, arn, key)

    said = refused(sandbox, client)

    assert ("ResourceNotFoundException" if missing == "function" else "NotFoundException") in said
