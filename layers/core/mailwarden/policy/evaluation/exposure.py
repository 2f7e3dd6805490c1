"""Finds statements that let senders outside the account use an identity: other customers' pools, or anyone.

It tests outsiders against the policy: it makes up callers that fit the policy's own wildcards and evaluates them.
A condition therefore counts as a restriction exactly if it restricts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Final

from mailwarden.policy.document.model import Condition, Principals
from mailwarden.policy.evaluation.evaluate import read_statement
from mailwarden.policy.evaluation.own_account import keeps_to_account
from mailwarden.policy.evaluation.sender import (
    GLOBAL_PRINCIPAL,
    SEND_ACTIONS,
    Request,
    RoleSession,
    SendingCaller,
    cognito_service,
    partition_of,
)
from mailwarden.policy.evaluation.trust import allow_statements, cognito_principals, region_of
from mailwarden.policy.matching.context import ABSENT, FALSE, TRUE, Context, known
from mailwarden.policy.matching.glob import ARN_SEGMENTS, compile_glob, has_wildcard
from mailwarden.policy.matching.three_valued import Truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mailwarden.policy.document.model import Statement
    from mailwarden.policy.document.parse import PolicySource
    from mailwarden.policy.evaluation.decision import StatementRef
    from mailwarden.policy.matching.context import KeyState

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_OUTSIDERS: Final = ("760215938471", "285093174662", "931746028550")
_REGIONS: Final = (
    "us-east-1",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-northeast-2",
    "me-central-1",
    "us-gov-west-1",
    "eusc-de-east-1",
    "cn-north-1",
)
# The sender of a mail chooses these values; a condition on them restricts no caller.
_SENDERS_CHOICE: Final = frozenset(
    {
        "ses:fromaddress",
        "ses:fromdisplayname",
        "ses:feedbackaddress",
        "ses:recipients",
    }
)


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
        tried = {
            principal: max(
                _gets_through(ref, statement, outsider)
                for outsider in _outsiders(statement, principal, identity_arn, account)
            )
            for principal in _principals_to_try(statement)
        }
        if tried:
            principal, truth = max(tried.items(), key=lambda item: item[1])
            if truth is not Truth.FALSE:
                found.append(OpenTrust(ref=ref, principal=principal, certain=truth is Truth.TRUE))
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
        truth = max(
            _gets_through(ref, _to_everybody(statement, principals), stranger)
            for stranger in _strangers(statement, identity_arn, account)
        )
        if truth is not Truth.FALSE:
            yield OutsideGrant(ref=ref, exposure=Exposure.PUBLIC, whom=principals.listed, certain=truth is Truth.TRUE)
        return
    others = tuple(named for named in principals.aws if _account_of(named) not in {None, account})
    unclear = principals.canonical_users + tuple(named for named in principals.aws if _account_of(named) is None)
    # Conditions are ANDed: if one limits the caller to the account, the values of another open nothing.
    closed = keeps_to_account(statement, account)
    sources = () if closed else tuple(named for named in _sources(statement) if named != account)
    if others or unclear or (cognito_principals(statement) and sources):
        yield OutsideGrant(
            ref=ref,
            exposure=Exposure.OTHER_ACCOUNT,
            whom=others + unclear + sources,
            certain=bool(others or sources),
        )


def _gets_through(ref: StatementRef, statement: Statement, sender: SendingCaller) -> Truth:
    """Whether *statement* lets *sender* use at least one sending action, for some mail."""
    asked = replace(
        statement,
        conditions=tuple(
            condition
            for condition in statement.conditions
            if not (isinstance(condition, Condition) and condition.key in _SENDERS_CHOICE)
        ),
    )
    return max(
        read_statement(ref.policy, asked, Request(sender=sender, action=action)).matches for action in SEND_ACTIONS
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


def _outsiders(statement: Statement, principal: str, identity_arn: str, account: str) -> Iterator[SendingCaller]:
    """Cognito sending for pools of other accounts, or without naming the pool."""
    partition = partition_of(identity_arn)
    of_principal = region_of(principal)
    regions = (of_principal,) if of_principal else _regions(statement)
    for outsider, region in product(_accounts(statement, account), regions):
        pool_arn = f"arn:{partition}:cognito-idp:{region}:{outsider}:userpool/{region}_Zq7xW3vLk"
        sender = cognito_service(principal=principal, pool_arn=pool_arn, identity_arn=identity_arn)
        for silent in ((), ("aws:sourcearn",), ("aws:sourceaccount",), ("aws:sourceaccount", "aws:sourcearn")):
            yield replace(sender, context=_without(sender.context, silent))


def _strangers(statement: Statement, identity_arn: str, account: str) -> Iterator[SendingCaller]:
    """IAM principals of other accounts, calling directly."""
    partition = partition_of(identity_arn)
    for outsider in _accounts(statement, account):
        role = RoleSession(partition=partition, account=outsider, role_path_and_name="outsider")
        keys: dict[str, KeyState] = {
            "aws:sourceaccount": ABSENT,
            "aws:sourcearn": ABSENT,
            "aws:principalaccount": known(outsider),
            "aws:principalarn": known(role.role_arn),
            "aws:principalisawsservice": FALSE,
            "aws:securetransport": TRUE,
        }
        yield SendingCaller(
            principal=role,
            identity_arn=identity_arn,
            pool_arn=None,
            context=Context(keys=keys, families={}),
        )


def _to_everybody(statement: Statement, principals: Principals) -> Statement:
    """*statement* with an unambiguous wildcard principal, so that only its other elements are evaluated."""
    everybody = replace(principals, anyone=True, aws=(), services=(), federated=(), canonical_users=(), negated=False)
    return replace(statement, principals=everybody)


def _without(context: Context, keys: tuple[str, ...]) -> Context:
    return replace(context, keys={**context.keys, **dict.fromkeys(keys, ABSENT)})


def _accounts(statement: Statement, account: str) -> tuple[str, ...]:
    """Accounts that are not *account*: one that no value names, and those that fit the wildcards."""
    spelled_out = set(_sources(statement)) | {account}
    fresh = [outsider for outsider in _OUTSIDERS if outsider not in spelled_out][:1]
    fitting = (
        filled
        for pattern in _account_patterns(statement)
        if has_wildcard(pattern) and (filled := _filled(pattern)) is not None and filled not in spelled_out
    )
    return tuple(dict.fromkeys([*fresh, *fitting]))


def _regions(statement: Statement) -> tuple[str, ...]:
    patterns = [segments[3] for segments in _source_arns(statement) if len(segments) == ARN_SEGMENTS and segments[3]]
    fitting = [region for region in _REGIONS if any(compile_glob(pattern)(region) for pattern in patterns)]
    exact = [pattern for pattern in patterns if not has_wildcard(pattern)]
    return tuple(dict.fromkeys([_REGIONS[0], *exact, *fitting[:1]]))


def _sources(statement: Statement) -> tuple[str, ...]:
    """The accounts that the conditions on the source name literally."""
    return tuple(dict.fromkeys(pattern for pattern in _account_patterns(statement) if _ACCOUNT.fullmatch(pattern)))


def _account_patterns(statement: Statement) -> Iterator[str]:
    for condition in statement.conditions:
        if isinstance(condition, Condition) and condition.key in {"aws:sourceaccount", "aws:principalaccount"}:
            yield from condition.values
    for segments in _source_arns(statement):
        if len(segments) == ARN_SEGMENTS:
            yield segments[4]


def _source_arns(statement: Statement) -> Iterator[list[str]]:
    for condition in statement.conditions:
        if isinstance(condition, Condition) and condition.key in {"aws:sourcearn", "aws:principalarn"}:
            for value in condition.values:
                yield value.split(":", ARN_SEGMENTS - 1)


def _filled(pattern: str) -> str | None:
    """A twelve-digit account that *pattern* covers, or None."""
    digits = pattern.replace("?", "7")
    missing = 12 - len(digits.replace("*", ""))
    if missing < 0:
        return None
    filled = digits.replace("*", "7" * missing, 1).replace("*", "")
    return filled if _ACCOUNT.fullmatch(filled) else None


def _account_of(principal: str) -> str | None:
    """The account of an AWS principal, or None if the principal does not contain it."""
    if _ACCOUNT.fullmatch(principal):
        return principal
    segments = principal.split(":", ARN_SEGMENTS - 1)
    found = segments[4] if len(segments) == ARN_SEGMENTS else ""
    return found if _ACCOUNT.fullmatch(found) else None
