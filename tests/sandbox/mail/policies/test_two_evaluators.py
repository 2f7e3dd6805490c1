"""The product's evaluator and the sandbox's judge policies of every make alike, wherever the product decides."""

import json
import random
from collections import Counter
from typing import Any

from mailwarden.policy import (
    Allowed,
    Denied,
    NotAllowed,
    Request,
    Undecidable,
    blocking_denies,
    cognito_service,
    evaluate,
    service_linked_role,
)
from tests.sandbox.mail.box import Sandbox, Untyped

_ACCOUNT = "123456789012"
_IDENTITY = f"arn:aws:ses:us-west-2:{_ACCOUNT}:identity/shop.example"
_POOL = f"arn:aws:cognito-idp:ap-northeast-2:{_ACCOUNT}:userpool/ap-northeast-2_AbC"
_SERVICE = "email.cognito-idp.amazonaws.com"
_ROLE = f"arn:aws:iam::{_ACCOUNT}:role/aws-service-role/{_SERVICE}/AWSServiceRoleForAmazonCognitoIdpEmailService"
_PRINCIPALS: list[Any] = [
    {"Service": _SERVICE},
    {"Service": [_SERVICE, "x.amazonaws.com"]},
    {"Service": "cognito-idp.amazonaws.com"},
    "*",
    {"AWS": "*"},
    {"AWS": _ACCOUNT},
    {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"},
    {"AWS": _ROLE},
]
_ACTIONS: list[Any] = [
    ["ses:SendEmail", "ses:SendRawEmail"],
    "ses:*",
    "*",
    "SES:Send*",
    "ses:SendEmail",
    ["ses:SendRawEmail"],
    "ses:Get*",
    "ses:Send?mail",
]
_RESOURCES: list[Any] = [_IDENTITY, [_IDENTITY], "*", _IDENTITY.replace("us-west-2", "*"), _IDENTITY + "x"]
_OPERATORS = [
    "StringEquals",
    "StringLike",
    "ArnLike",
    "ArnEquals",
    "StringNotEquals",
    "ArnNotLike",
    "StringEqualsIfExists",
    "ForAnyValue:StringEquals",
    "ForAllValues:StringLike",
    "StringEqualsIgnoreCase",
]
_KEYS = ["aws:SourceAccount", "aws:SourceArn", "aws:sourcearn", "aws:PrincipalArn", "aws:PrincipalServiceName"]
_VALUES: list[Any] = [
    _ACCOUNT,
    _POOL,
    [_POOL, "other"],
    "arn:aws:cognito-idp:*:*:userpool/*",
    "arn:aws:cognito-idp:*",
    "*",
    _ROLE,
    _SERVICE,
    [_ACCOUNT, "999999999999"],
]


def policy(chance: random.Random) -> dict[str, Any]:
    statements = []
    for _ in range(chance.randint(1, 3)):
        statement = {
            "Effect": chance.choice(["Allow", "Allow", "Deny"]),
            "Principal": chance.choice(_PRINCIPALS),
            chance.choice(["Action", "Action", "Action", "NotAction"]): chance.choice(_ACTIONS),
            "Resource": chance.choice(_RESOURCES),
            "Condition": {
                chance.choice(_OPERATORS): {chance.choice(_KEYS): chance.choice(_VALUES)}
                for _ in range(chance.randint(0, 2))
            },
        }
        if chance.random() < 0.2:
            statement["Condition"]["Null"] = {chance.choice(_KEYS): chance.choice(["true", "false"])}
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


def judged(sandbox: Sandbox, text: dict[str, Any], action: str, **sender: Untyped) -> str:
    asked = {"policies": {"p": text}, "action": action, "resource": _IDENTITY, **sender}
    return str(sandbox.control("POST", "judge/policy", asked)["decision"])


def test_they_agree_about_cognito(sandbox: Sandbox) -> None:
    chance = random.Random(7)  # noqa: S311 - made-up policies, always the same
    sender = cognito_service(principal=_SERVICE, pool_arn=_POOL, identity_arn=_IDENTITY)
    context = {
        "aws:SourceAccount": _ACCOUNT,
        "aws:SourceArn": _POOL,
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": _SERVICE,
    }
    seen: Counter[type] = Counter()
    for _ in range(600):
        text, action = policy(chance), chance.choice(["ses:SendEmail", "ses:SendRawEmail"])
        ours = evaluate({"p": json.dumps(text)}, Request(sender=sender, action=action))
        theirs = judged(sandbox, text, action, principal=_SERVICE, context=context)
        seen[type(ours)] += 1
        match ours:
            case Allowed():
                assert theirs == "Allow", text
            case Denied():
                assert theirs == "Deny", text
            case NotAllowed():
                assert theirs != "Allow", text
            case Undecidable():
                pass

    assert min(seen[kind] for kind in (Allowed, Denied, NotAllowed)) > 10


def test_they_agree_about_what_stops_the_service_linked_role(sandbox: Sandbox) -> None:
    chance = random.Random(9)  # noqa: S311 - made-up policies, always the same
    sender = service_linked_role(account=_ACCOUNT, identity_arn=_IDENTITY)
    context = {"aws:PrincipalIsAWSService": "false"}
    stopped = 0
    for _ in range(120):
        text = policy(chance)
        denials = blocking_denies({"p": json.dumps(text)}, sender)
        decisions = {
            judged(sandbox, text, action, role_arn=_ROLE, context=context)
            for action in ("ses:SendEmail", "ses:SendRawEmail")
        }
        if denials.certain:
            assert "Deny" in decisions, text
            stopped += 1
        elif not denials.possible:
            assert "Deny" not in decisions, text

    assert stopped > 10
