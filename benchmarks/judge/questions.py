"""The cases: random sending policies, and callers whose condition keys are known, partly known, or absent."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    LEGACY_PRINCIPAL,
    SendingCaller,
    cognito_service,
    regional_principal,
    service_linked_role,
)
from mailwarden.policy.evaluation.sender import ServicePrincipal
from mailwarden.policy.matching.context import ABSENT, Context, KeyState, Known, Present, Unknown

ACCOUNT, OTHER_ACCOUNT = "111122223333", "999988887777"
REGION = "us-east-1"
IDENTITY = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/example.com"
POOL = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_EXAMPLE"
OTHER_POOL = POOL.replace("EXAMPLE", "Other0001")
ROLE = service_linked_role(account=ACCOUNT, identity_arn=IDENTITY).principal.name
WITHOUT_PATH = f"arn:aws:iam::{ACCOUNT}:role/{ROLE.rpartition('/')[2]}"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE.rpartition('/')[2]}/CognitoIdpEmail"
ACTIONS = ("ses:SendEmail", "ses:SendRawEmail")

# By condition key: values that a request may have, and further ones that a policy may name.
_VALUES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "aws:SourceAccount": ((ACCOUNT, OTHER_ACCOUNT), ("1111*", "????????3333", "*", "")),
    "aws:SourceArn": (
        (POOL, OTHER_POOL),
        (
            f"arn:aws:cognito-idp:*:{ACCOUNT}:userpool/*",
            "arn:aws:cognito-idp:*:*:userpool/*",
            f"arn:*:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_EXAMPL?",
            "arn:aws:cognito-idp:*",
            POOL.replace(":userpool/", ":*/"),
            POOL.upper(),
            "arn:*",
            "*",
        ),
    ),
    "aws:PrincipalOrgID": (("o-a1b2c3d4e5",), ("o-*", "o-zzzzzzzzzz")),
    "aws:PrincipalOrgPaths": (("o-a1/r-b2/ou-c3/",), ("o-a1/*", "o-z9/*")),
    "aws:PrincipalServiceName": ((GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL), ("*.amazonaws.com", "lambda.amazonaws.com")),
    "aws:PrincipalArn": ((ROLE,), (f"arn:aws:iam::{ACCOUNT}:role/*", "arn:aws:iam::*:role/mailer", ROLE.lower())),
    "aws:PrincipalAccount": ((ACCOUNT,), (OTHER_ACCOUNT, "1*")),
    "aws:PrincipalTag/team": (("mail", "Mail"), ("m*", "ops")),
    "aws:RequestedRegion": ((REGION,), ("us-*", "eu-west-1")),
    "aws:CalledVia": (("athena.amazonaws.com",), ("*.amazonaws.com",)),
    "aws:userid": (("AROAEXAMPLE:CognitoIdpEmail",), ("*:CognitoIdpEmail", "AROA*")),
    "ses:FromAddress": (
        ("hello@example.com", "Hello@example.com"),
        ("*@example.com", "hello@*", "no-reply@example.com"),
    ),
    "ses:FromDisplayName": (("Shop", "Straße"), ("shop", "STRASSE", "S*")),
    "ses:FeedbackAddress": (("bounces@example.com",), ("*@example.com",)),
    "ses:Recipients": (("a@corp.example", "b@corp.example"), ("*@corp.example", "a@*")),
}
_BOOLEANS = ("aws:SecureTransport", "aws:PrincipalIsAWSService", "aws:ViaAWSService")
_OTHERS: Mapping[str, tuple[str, ...]] = {
    "aws:SourceIp": ("192.0.2.7", "203.0.113.9"),
    "aws:CurrentTime": ("2026-11-29T12:00:00Z",),
    "aws:EpochTime": ("1795953600",),
}
_SEVERAL = ("aws:CalledVia", "aws:PrincipalOrgPaths", "ses:Recipients")
_STRINGS = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase")
_ARNS = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
_OTHER_OPERATORS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "aws:SourceIp": ("IpAddress", ("192.0.2.0/24", "198.51.100.0/24")),
    "aws:CurrentTime": ("DateLessThan", ("2030-01-01T00:00:00Z", "2020-01-01T00:00:00Z")),
    "aws:EpochTime": ("NumericGreaterThan", ("1", "99999999999")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A case: policies, a caller with what is claimed to be known of it, and contexts that agree with that."""

    mode: str
    policies: tuple[Mapping[str, object], ...]
    caller: SendingCaller
    action: str
    contexts: tuple[Mapping[str, str | list[str]], ...]

    def asked(self, context: Mapping[str, str | list[str]]) -> Mapping[str, object]:
        """The case in one context, as the judge reads it."""
        is_role = self.mode == "role"
        every = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ses:*", "Resource": "*"}]}
        return {
            "policies": list(self.policies),
            "principal": SESSION if is_role else self.caller.principal.name,
            "action": self.action,
            "resource": self.caller.identity_arn,
            "account": ACCOUNT,
            "context": dict(context),
            # The role's own policy allows sending (AmazonCognitoIdpEmailServiceRolePolicy).
            "identityPolicies": [{"name": "own", "policy": every}] if is_role else [],
        }


def question(chance: random.Random, mode: str, *, contexts: int = 4) -> Question:
    """A case of the mode: ``exact`` knows every key, ``service`` and ``role`` are the product's own callers."""
    match mode:
        case "exact":
            caller = _exact_caller(chance)
        case "service":
            known = chance.random() < 0.5
            caller = cognito_service(
                principal=chance.choice((GLOBAL_PRINCIPAL, regional_principal(REGION))),
                pool_arn=POOL,
                identity_arn=IDENTITY,
                from_address="hello@example.com" if known else None,
                from_display_name="Shop" if known else None,
            )
        case _:
            caller = service_linked_role(account=ACCOUNT, identity_arn=IDENTITY)
    several = 1 if mode == "exact" else contexts
    return Question(
        mode=mode,
        policies=tuple(_policy(chance) for _ in range(chance.choice((1, 1, 1, 2, 3)))),
        caller=caller,
        action=chance.choice(ACTIONS),
        contexts=tuple(_context(chance, caller) for _ in range(several)),
    )


def _exact_caller(chance: random.Random) -> SendingCaller:
    keys: dict[str, KeyState] = {}
    for name, (values, _) in _VALUES.items():
        present = chance.random() < 0.6
        several = name in _SEVERAL and chance.random() < 0.5
        keys[name.lower()] = Known(values=values if several else (chance.choice(values),)) if present else ABSENT
    for name in _BOOLEANS:
        keys[name.lower()] = Known(values=(chance.choice(("true", "false")),), boolean=True)
    for name in _OTHERS:
        keys[name.lower()] = Present() if chance.random() < 0.8 else ABSENT
    return SendingCaller(
        principal=ServicePrincipal(name=chance.choice((GLOBAL_PRINCIPAL, GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL))),
        identity_arn=IDENTITY,
        pool_arn=POOL,
        context=Context(keys=keys, families={}),
    )


def _context(chance: random.Random, caller: SendingCaller) -> dict[str, str | list[str]]:
    """Values for the keys that agree with the claims of the caller; an unknown key is there or not, with any value."""
    found: dict[str, str | list[str]] = {}
    every = {**{name: values for name, (values, _) in _VALUES.items()}, **_OTHERS}
    for name, values in {**every, **dict.fromkeys(_BOOLEANS, ("true", "false"))}.items():
        match caller.context.state(name.lower()):
            case Known(values=known):
                found[name] = list(known) if name in _SEVERAL else known[0]
            case Present():
                found[name] = chance.choice(values)
            case Unknown() if chance.random() < 0.5:
                found[name] = [chance.choice(values)] if name in _SEVERAL else chance.choice(values)
            case _:
                continue
    return found


def _policy(chance: random.Random) -> Mapping[str, object]:
    statements = [_statement(chance) for _ in range(chance.choice((1, 1, 2, 3)))]
    version = chance.choice(("2012-10-17",) * 8 + ("2008-10-17", ""))
    policy: dict[str, object] = {"Version": version} if version else {}
    return {**policy, "Statement": statements[0] if len(statements) == 1 and chance.random() < 0.3 else statements}


def _statement(chance: random.Random) -> dict[str, object]:
    conditions: dict[str, dict[str, object]] = {}
    for _ in range(chance.choice((0, 0, 1, 1, 1, 2, 3))):
        operator, key, values = _condition(chance)
        conditions.setdefault(operator, {})[_spelled(chance, key)] = values
    return {
        "Effect": "Allow" if chance.random() < 0.65 else "Deny",
        **_principal(chance),
        **_action(chance),
        **_resource(chance),
        **({"Condition": conditions} if conditions else {}),
    }


def _principal(chance: random.Random) -> dict[str, object]:
    services = [GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL, regional_principal(REGION), "lambda.amazonaws.com"]
    principal: object = chance.choice(
        (
            {"Service": chance.choice(services)},
            {"Service": GLOBAL_PRINCIPAL},
            {"Service": services[:3]},
            {"Service": chance.sample(services, 2)},
            "*",
            {
                "AWS": chance.choice(
                    (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", ROLE, WITHOUT_PATH, f"arn:aws:iam::{ACCOUNT}:role/x", "*")
                )
            },
            {"Service": GLOBAL_PRINCIPAL, "AWS": OTHER_ACCOUNT},
        )
    )
    return {"NotPrincipal" if chance.random() < 0.04 else "Principal": principal}


def _action(chance: random.Random) -> dict[str, object]:
    actions = (
        "ses:SendEmail",
        "ses:Send*",
        "SES:SendRawEmail",
        "ses:Send*",
        "ses:*",
        "*",
        "ses:?endEmail",
        "ses:GetAccount",
    )
    action: object = chance.choice((*actions, list(ACTIONS), list(ACTIONS), list(ACTIONS), chance.sample(actions, 2)))
    return {"NotAction" if chance.random() < 0.05 else "Action": action}


def _resource(chance: random.Random) -> dict[str, object]:
    resources = (
        *(IDENTITY,) * 5,
        "*",
        IDENTITY.replace(REGION, "*"),
        IDENTITY.replace("example.com", "*"),
        IDENTITY.replace("example.com", "exampl?.com"),
        IDENTITY.replace("identity/example.com", "*"),
        IDENTITY.replace("identity", "ident*"),
        IDENTITY.replace("example.com", "Example.com"),
        IDENTITY.replace("example.com", "other.example"),
        "arn:aws:ses:*",
        "${aws:PrincipalArn}",
        IDENTITY.replace("arn:", "${*}rn:"),
        IDENTITY.replace("arn:", "a*n:"),
        "arn:aws:ses:us-east-1:111122223333:identity/${*}.com",
    )
    resource: object = chance.choice(resources) if chance.random() < 0.85 else chance.sample(resources, 2)
    return {"NotResource" if chance.random() < 0.02 else "Resource": resource}


def _condition(chance: random.Random) -> tuple[str, str, object]:
    kind = chance.random()
    if kind < 0.1:
        return "Bool" + _suffix(chance), chance.choice(_BOOLEANS), chance.choice(("true", "false", ["true", "false"]))
    if kind < 0.15:
        key = chance.choice((*_VALUES, *_OTHERS))
        return "Null", key, chance.choice(("true", "false"))
    if kind < 0.22:
        key = chance.choice(tuple(_OTHER_OPERATORS))
        operator, others = _OTHER_OPERATORS[key]
        return operator + _suffix(chance), key, chance.choice(others)
    key = chance.choice(tuple(_VALUES))
    present, further = _VALUES[key]
    values = [chance.choice((*present, *present, *further)) for _ in range(chance.choice((1, 1, 2)))]
    is_arn = key in {"aws:SourceArn", "aws:PrincipalArn"} and chance.random() < 0.6
    operator = chance.choice(_ARNS if is_arn else _STRINGS)
    if chance.random() < (0.8 if key in _SEVERAL else 0.12):
        operator = f"{chance.choice(('ForAnyValue', 'ForAllValues'))}:{operator}"
    if chance.random() < 0.03:
        values = ["${aws:PrincipalAccount}"]
    return operator + _suffix(chance), key, values[0] if len(values) == 1 and chance.random() < 0.7 else values


def _suffix(chance: random.Random) -> str:
    return "IfExists" if chance.random() < 0.15 else ""


def _spelled(chance: random.Random, key: str) -> str:
    return key if chance.random() < 0.85 else chance.choice((key.lower(), key.upper()))
