"""Measures the decisions about sending policies per second and core."""

import json
from collections.abc import Mapping
from time import process_time

from benchmarks.figures import Figure
from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    LEGACY_PRINCIPAL,
    Grant,
    GrantPlan,
    Request,
    SendingCaller,
    cognito_service,
    evaluate,
    grant_pools,
    service_linked_role,
)

ACCOUNT = "111122223333"
IDENTITY = f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/example.com"
POOLS = [f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_Pool{number:05d}" for number in range(45)]
ROUNDS = 4_000
REPEATS = 5
LEAST_PER_SECOND = 20_000.0


def documented(*, principal: str = GLOBAL_PRINCIPAL, pool: str = POOLS[0]) -> str:
    """The policy of Cognito's guide."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "stmnt1234567891234",
                    "Effect": "Allow",
                    "Principal": {"Service": [principal]},
                    "Action": ["SES:SendEmail", "SES:SendRawEmail"],
                    "Resource": IDENTITY,
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": ACCOUNT},
                        "ArnLike": {"aws:SourceArn": pool},
                    },
                }
            ],
        }
    )


def full() -> str:
    """A policy of ours with 45 pools, near the 4 KB that SES allows."""
    grants = [Grant(principal=GLOBAL_PRINCIPAL, pool_arn=pool) for pool in POOLS]
    plan = grant_pools({}, identity_arn=IDENTITY, account=ACCOUNT, grants=grants)
    assert isinstance(plan, GrantPlan)
    return plan.after["mailwarden-cognito"] or ""


def perimeter() -> str:
    """A Deny of every principal outside an organization, and of plain HTTP."""
    everything = {"Effect": "Deny", "Principal": "*", "Action": "ses:*", "Resource": IDENTITY}
    outside = {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [everything | {"Condition": outside}, everything | {"Condition": plain}],
        }
    )


def figures() -> list[Figure]:
    """Typical identities."""
    service = cognito_service(principal=GLOBAL_PRINCIPAL, pool_arn=POOLS[0], identity_arn=IDENTITY)
    last = cognito_service(principal=GLOBAL_PRINCIPAL, pool_arn=POOLS[-1], identity_arn=IDENTITY)
    role = service_linked_role(account=ACCOUNT, identity_arn=IDENTITY)
    three = {"a": documented(principal=LEGACY_PRINCIPAL), "b": documented(pool=POOLS[1]), "c": documented()}
    return [
        _figure("one documented policy", {"a": documented()}, service),
        _figure("three policies, the last one fits", three, service),
        _figure("three policies, none fits", {"a": three["a"], "b": three["b"], "d": three["b"]}, service),
        _figure("a grant and a perimeter", {"a": documented(), "p": perimeter()}, service),
        _figure("a policy of 45 pools, the last of them", {"mailwarden-cognito": full()}, last),
        _figure("the role, three policies and a perimeter", {**three, "p": perimeter()}, role),
    ]


def _figure(name: str, policies: Mapping[str, str], sender: SendingCaller) -> Figure:
    """Decisions per second of processor time, and the decision."""
    request = Request(sender=sender, action="ses:SendEmail")
    decision = evaluate(policies, request)
    return Figure(
        what=f"decisions, {name}",
        value=ROUNDS / min(_round(policies, request) for _ in range(REPEATS)),
        limit=LEAST_PER_SECOND,
        unit="/s",
        at_least=True,
        note=type(decision).__name__,
    )


def _round(policies: Mapping[str, str], request: Request) -> float:
    started = process_time()
    for _ in range(ROUNDS):
        evaluate(policies, request)
    return process_time() - started
