"""Ways to give a pool a custom email sender that works, and one that does not."""

import json
import zipfile
from io import BytesIO

from tests.e2e.box import unique
from tests.e2e.people import Pool, developer
from tests.e2e.workshop import Workshop


def custom_sender(shop: Workshop) -> Pool:
    pool, role = shop.pool(shop.home), _role(shop)
    function = shop.box.client("lambda", shop.home).create_function(
        FunctionName=unique("mailer"),
        Runtime="python3.13",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": _code()},
    )
    shop.box.client("lambda", shop.home).add_permission(
        FunctionName=function["FunctionName"],
        StatementId="cognito",
        Action="lambda:InvokeFunction",
        Principal="cognito-idp.amazonaws.com",
        SourceArn=pool.arn,
    )
    _hand_over(shop, pool, function["FunctionArn"])
    return pool


def custom_sender_that_is_gone(shop: Workshop) -> Pool:
    pool = shop.pool(shop.home)
    _hand_over(shop, pool, f"arn:aws:lambda:{shop.home}:{shop.box.account}:function:{unique('gone')}")
    return pool


def unknown_sending_account(shop: Workshop) -> Pool:
    """AWS has a third value of EmailSendingAccount one day."""
    return shop.rewritten({"EmailSendingAccount": "SES_MANAGED"})


def invitation_without_password(shop: Workshop) -> Pool:
    invitation = {"InviteMessageTemplate": {"EmailMessage": "Welcome, {username}!", "EmailSubject": "Welcome"}}
    identity = shop.domain()
    return shop.pool(shop.home, developer(identity), AdminCreateUserConfig=invitation)


def _hand_over(shop: Workshop, pool: Pool, function: str) -> None:
    key = shop.box.client("kms", shop.home).create_key()["KeyMetadata"]["Arn"]
    sender = {"LambdaVersion": "V1_0", "LambdaArn": function}
    members = {"LambdaConfig": {"CustomEmailSender": sender, "KMSKeyID": key}}
    shop.box.control("POST", f"cognito/pools/{pool.pool_id}", {"region": pool.region, "members": members})


def _role(shop: Workshop) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = shop.box.client("iam").create_role(RoleName=unique("mailer"), AssumeRolePolicyDocument=document)
    return str(role["Role"]["Arn"])


def _code() -> bytes:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("app.py", "def handler(event, context): return event")
    return archive.getvalue()
