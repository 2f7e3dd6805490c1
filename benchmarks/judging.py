"""Measures the time to judge one mail path with every rule, for an identity with three policies."""

import json
from collections.abc import Callable
from dataclasses import replace
from time import process_time

from benchmarks.figures import Figure
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import Identity, Pool
from mailwarden.policy import SEND_ACTIONS
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.builders import (
    configuration_set,
    custom_from,
    developer,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    sending_policy,
)

LIMIT_MICROSECONDS = 150.0
POOLS = 100
ROUNDS = 7
_DOMAIN = identity_ref("example.com")
_ADDRESS = identity_ref("support@example.com")


def figures() -> list[Figure]:
    """Typical paths, sound and broken; each round judges the paths of a hundred pools that share the identity."""
    return [
        _figure("DEVELOPER with a set, sound", _developer, rules="MW"),
        _figure("default sender with a custom FROM, sound", _custom_from),
        _figure("DEVELOPER on identities of their own, sound", _each_its_own),
        _figure("the grant is missing: judged and graded", _without_grant, has_target=False),
    ]


def _figure(note: str, path_of: Callable[[int], MailPath], *, rules: str = "", has_target: bool = True) -> Figure:
    paths = [path_of(number) for number in range(POOLS)]
    for path in paths:
        judge(path, ALL)
    seconds = min(_round(paths) for _ in range(ROUNDS))
    return Figure(
        what=f"judging a path, {note}",
        value=seconds / POOLS * 1e6,
        limit=LIMIT_MICROSECONDS if has_target else None,
        unit="us",
        note=f"{len(ALL)} rules" if rules else "",
    )


def _round(paths: list[MailPath]) -> float:
    started = process_time()
    for path in paths:
        judge(path, ALL)
    return process_time() - started


def _developer(number: int) -> MailPath:
    held = _pool(number)
    shop = replace(held, email=developer(_DOMAIN, configuration_set="mail"))
    return mail_path(shop, _domain(), configuration_sets=(configuration_set("mail"),))


def _custom_from(number: int) -> MailPath:
    held = replace(_pool(number), email=custom_from(_ADDRESS))
    granted = [sending_policy(_ADDRESS, held.ref), *_others(_ADDRESS)]
    return mail_path(held, identity(_ADDRESS.name, policies={f"p{n}": text for n, text in enumerate(granted)}))


def _each_its_own(number: int) -> MailPath:
    own = identity_ref(f"shop{number:03}.example")
    held = replace(_pool(number), email=developer(own, configuration_set="mail"))
    policies = {f"p{n}": text for n, text in enumerate([sending_policy(own, held.ref), *_others(own)])}
    return mail_path(held, identity(own.name, policies=policies), configuration_sets=(configuration_set("mail"),))


def _without_grant(number: int) -> MailPath:
    held = replace(_pool(number), email=custom_from(_ADDRESS))
    policies = {f"p{n}": text for n, text in enumerate([*_others(_ADDRESS), _perimeter()])}
    return mail_path(held, identity(_ADDRESS.name, policies=policies), opened={_ADDRESS.arn: ("account",)})


def _pool(number: int) -> Pool:
    return pool(pool_id=f"us-east-1_Pool{number:03}")


def _domain() -> Identity:
    policies = [*_others(_DOMAIN), _perimeter()]
    return identity("example.com", policies={f"p{n}": text for n, text in enumerate(policies)})


def _others(resource: object) -> list[str]:
    assert isinstance(resource, type(_DOMAIN))
    return [sending_policy(resource, pool_ref(pool_id=f"us-east-1_Other{number}")) for number in range(2)]


def _perimeter() -> str:
    """A Deny of plain HTTP, a common policy."""
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(SEND_ACTIONS),
        "Resource": _ADDRESS.arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
