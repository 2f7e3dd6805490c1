"""Renders and recognizes the one form of policy document that Mailwarden writes.

The form is the minimum that Cognito's guide requires ("Email settings", sending authorization policy): one
statement for each service principal, exactly the two sending actions, one Resource equal to the identity,
the account and the full ARNs of the pools; condition keys in lower case, because SES has refused other spellings.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mailwarden.message import Message, message
from mailwarden.policy.document.model import Actions, Condition, Principals, Resources, StatementEffect
from mailwarden.policy.document.parse import CURRENT, parse
from mailwarden.policy.evaluation.sender import SEND_ACTIONS
from mailwarden.policy.evaluation.trust import PrincipalKind, kind_of, region_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailwarden.policy.document.model import Problem, Statement
    from mailwarden.policy.document.parse import PolicySource

# SES guide, "Policy anatomy": "a policy can't exceed 4 KB in size".
MAX_BYTES: Final = 4096
_POOL_ARN: Final = re.compile(r"arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:([0-9]{12}):userpool/[\w-]+", re.ASCII)
_IDENTITY_ARN: Final = re.compile(r"arn:aws[a-z-]*:ses:[a-z0-9-]+:[0-9]{12}:identity/[^\s*?${}]+")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Grant:
    """One pool that may send, through one of Cognito's service principals."""

    principal: str
    pool_arn: str


def why_not_writable(grants: Iterable[Grant], *, identity_arn: str, account: str) -> Message | None:
    """The reason why no document can grant exactly *grants*, or None.

    A wildcard or a variable in a name would make the statement cover more than the name.
    """
    if not _IDENTITY_ARN.fullmatch(identity_arn):
        return message("grant.identity-not-plain")
    for grant in grants:
        if kind_of(grant.principal) not in {PrincipalKind.GLOBAL, PrincipalKind.REGIONAL}:
            return message("grant.not-a-cognito-principal", principal=grant.principal)
        pool = _POOL_ARN.fullmatch(grant.pool_arn)
        if pool is None:
            return message("grant.not-one-pool", pool=grant.pool_arn)
        if pool[1] != account:
            return message("grant.pool-of-another-account", pool=grant.pool_arn)
    return None


def render(grants: Iterable[Grant], *, identity_arn: str, account: str) -> str:
    """The document that lets exactly *grants* send: the same text for the same grants."""
    pools: defaultdict[str, set[str]] = defaultdict(set)
    for grant in grants:
        pools[grant.principal].add(grant.pool_arn)
    statements = [
        {
            "Sid": _sid(principal),
            "Effect": "Allow",
            "Principal": {"Service": principal},
            "Action": list(SEND_ACTIONS),
            "Resource": identity_arn,
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": sorted(pools[principal])},
            },
        }
        for principal in sorted(pools)
    ]
    return json.dumps({"Version": CURRENT, "Statement": statements}, sort_keys=True, separators=(",", ":"))


def fits(document: str) -> bool:
    """Whether SES accepts a document of this size."""
    return len(document.encode()) <= MAX_BYTES


def recognize(document: PolicySource, *, identity_arn: str, account: str) -> frozenset[Grant] | None:
    """The grants of a document in our form, or None if it is not, or no longer, in our form.

    The form is that of the values, not of the text: spacing, order and one-element lists do not matter.
    """
    policy = parse(document)
    if policy.problems or policy.version != CURRENT or policy.identifier is not None:
        return None
    found: set[Grant] = set()
    for statement in policy.statements:
        grants = _grants_of(statement, identity_arn, account)
        if grants is None or not found.isdisjoint(grants):
            return None
        found |= grants
    if why_not_writable(found, identity_arn=identity_arn, account=account) is not None:
        return None
    return frozenset(found)


def _grants_of(statement: Statement, identity_arn: str, account: str) -> frozenset[Grant] | None:
    principals, actions, resources = statement.principals, statement.actions, statement.resources
    conditions = _by_operator(statement.conditions)
    if not (
        statement.effect is StatementEffect.ALLOW
        and isinstance(principals, Principals)
        and isinstance(actions, Actions)
        and isinstance(resources, Resources)
        and not (principals.negated or actions.negated or resources.negated)
        and principals.listed == principals.services
        and len(principals.services) == 1
        and statement.sid == _sid(principals.services[0])
        and sorted(actions.patterns) == sorted(SEND_ACTIONS)
        and resources.patterns == (identity_arn,)
        and conditions.keys() == {("StringEquals", "aws:SourceAccount"), ("ArnLike", "aws:SourceArn")}
        and conditions["StringEquals", "aws:SourceAccount"] == (account,)
    ):
        return None
    return frozenset(
        Grant(principal=principals.services[0], pool_arn=pool_arn)
        for pool_arn in conditions["ArnLike", "aws:SourceArn"]
    )


def _by_operator(
    conditions: tuple[Condition | Problem, ...],
) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (condition.operator_as_written, condition.key_as_written): condition.values
        for condition in conditions
        if isinstance(condition, Condition)
    }


def _sid(principal: str) -> str:
    """A name of letters and digits: the only characters that every service accepts in a Sid."""
    region = region_of(principal) or "global"
    return "Mailwarden" + "".join(word.capitalize() for word in region.split("-"))
