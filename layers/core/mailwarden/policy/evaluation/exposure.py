"""Finds statements that let senders outside the account use an identity: other customers' pools, or anyone.

It tests outsiders against the policy: it makes up callers that fit the policy's own wildcards and evaluates them.
A condition therefore counts as a restriction exactly if it restricts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from mailwarden.policy.document.model import Principals
from mailwarden.policy.evaluation.outsiders import sources, try_other_pools, try_strangers
from mailwarden.policy.evaluation.own_account import keeps_to_account
from mailwarden.policy.evaluation.sender import GLOBAL_PRINCIPAL
from mailwarden.policy.evaluation.trust import allow_statements, cognito_principals
from mailwarden.policy.matching.glob import ARN_SEGMENTS
from mailwarden.policy.matching.three_valued import Truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mailwarden.policy.document.model import Statement
    from mailwarden.policy.document.parse import PolicySource
    from mailwarden.policy.evaluation.decision import StatementRef

_ACCOUNT: Final = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTrust:
    """An Allow statement through which Cognito could send for the pools of any AWS customer.

    ``certain`` is False where it depends on an unknown fact.
    """

    ref: StatementRef
    principal: str
    certain: bool


class Exposure(StrEnum):
    """How far a statement opens the identity."""

    PUBLIC = "anybody"
    OTHER_ACCOUNT = "another account"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideGrant:
    """An Allow statement for principals outside the account; ``whom`` as the statement names them."""

    ref: StatementRef
    exposure: Exposure
    whom: tuple[str, ...]
    certain: bool


def unconditioned_cognito_trust(
    policies: Mapping[str, PolicySource], *, identity_arn: str, account: str
) -> tuple[OpenTrust, ...]:
    """The Allow statements whose conditions do not keep other customers' pools out.

    IfExists, ForAllValues, Null and negated operators also match a call without any source. They therefore
    restrict nothing, although Cognito's calls are documented to carry a source.
    """
    found: list[OpenTrust] = []
    for ref, statement in allow_statements(policies):
        if keeps_to_account(statement, account):
            continue
        tried = try_other_pools(statement, _principals_to_try(statement), identity_arn=identity_arn, account=account)
        if tried is not None:
            found.append(OpenTrust(ref=ref, principal=tried.principal, certain=tried.truth is Truth.TRUE))
    return tuple(found)


def public_or_cross_account(
    policies: Mapping[str, PolicySource], *, identity_arn: str, account: str
) -> tuple[OutsideGrant, ...]:
    """The Allow statements that let IAM principals outside *account*, or everyone, use the identity."""
    return tuple(
        grant
        for ref, statement in allow_statements(policies)
        for grant in _outside_grants(ref, statement, identity_arn, account)
    )


def _outside_grants(ref: StatementRef, statement: Statement, identity_arn: str, account: str) -> Iterator[OutsideGrant]:
    principals = statement.principals
    if not isinstance(principals, Principals):
        return
    if principals.anyone or principals.negated or "*" in principals.aws:
        everybody = _to_everybody(statement, principals)
        truth = try_strangers(everybody, identity_arn=identity_arn, account=account)
        if truth is not Truth.FALSE:
            yield OutsideGrant(ref=ref, exposure=Exposure.PUBLIC, whom=principals.listed, certain=truth is Truth.TRUE)
        return
    others = tuple(named for named in principals.aws if _account_of(named) not in {None, account})
    unclear = principals.canonical_users + tuple(named for named in principals.aws if _account_of(named) is None)
    # Conditions are ANDed: if one limits the caller to the account, the values of another open nothing.
    closed = keeps_to_account(statement, account)
    named_sources = () if closed else tuple(named for named in sources(statement) if named != account)
    if others or unclear or (cognito_principals(statement) and named_sources):
        yield OutsideGrant(
            ref=ref,
            exposure=Exposure.OTHER_ACCOUNT,
            whom=others + unclear + named_sources,
            certain=bool(others or named_sources),
        )


def _principals_to_try(statement: Statement) -> tuple[str, ...]:
    """Cognito's principals that *statement* names, or the global one where it names no principals."""
    named = cognito_principals(statement)
    principals = statement.principals
    if named:
        # A name in other letters than Cognito's may be Cognito: the evaluator returns a doubt.
        return tuple(dict.fromkeys(name.lower() for name in named))
    open_to_all = not isinstance(principals, Principals) or (
        principals.anyone or principals.negated or "*" in (*principals.aws, *principals.services)
    )
    return (GLOBAL_PRINCIPAL,) if open_to_all else ()


def _to_everybody(statement: Statement, principals: Principals) -> Statement:
    """*statement* with an unambiguous wildcard principal, so that only its other elements are evaluated."""
    everybody = replace(principals, anyone=True, aws=(), services=(), federated=(), canonical_users=(), negated=False)
    return replace(statement, principals=everybody)


def _account_of(principal: str) -> str | None:
    """The account of an AWS principal, or None if the principal does not contain it."""
    if _ACCOUNT.fullmatch(principal):
        return principal
    segments = principal.split(":", ARN_SEGMENTS - 1)
    found = segments[4] if len(segments) == ARN_SEGMENTS else ""
    return found if _ACCOUNT.fullmatch(found) else None
