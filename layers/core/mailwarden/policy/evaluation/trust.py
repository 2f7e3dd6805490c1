"""Finds the Cognito principals that an identity's Allow statements trust, and the pools they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from mailwarden.policy.document.model import Actions, Condition, Principals, StatementEffect
from mailwarden.policy.document.parse import parse
from mailwarden.policy.evaluation.decision import ActionMismatch, PrincipalMismatch, StatementRef
from mailwarden.policy.evaluation.evaluate import read_statement
from mailwarden.policy.evaluation.sender import SEND_ACTIONS, Request
from mailwarden.policy.matching.glob import literal
from mailwarden.policy.matching.matching import covers_action
from mailwarden.policy.matching.operators import Family, Qualifier
from mailwarden.policy.matching.three_valued import Truth
from mailwarden.region_names import REGION_NAME, SERVICE_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mailwarden.policy.document.model import Statement
    from mailwarden.policy.document.parse import PolicySource
    from mailwarden.policy.evaluation.decision import Doubt, Mismatch
    from mailwarden.policy.evaluation.sender import SendingCaller

_GLOBAL: Final = re.compile(r"email\.cognito-idp" + SERVICE_SUFFIX)
_LEGACY: Final = re.compile(r"cognito-idp" + SERVICE_SUFFIX)
_REGIONAL: Final = re.compile(rf"cognito-idp\.({REGION_NAME})" + SERVICE_SUFFIX)
_COMPARING: Final = frozenset({Family.EXACT, Family.EXACT_IGNORING_CASE, Family.GLOB, Family.ARN})


class PrincipalKind(StrEnum):
    """The kinds of Cognito service principals (Cognito guide, "Email settings")."""

    GLOBAL = "global"
    REGIONAL = "regional"
    # In SES's own example; Cognito's guide left it on 2021-11-30.
    LEGACY = "legacy"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedPrincipal:
    """A Cognito principal named in an Allow statement that covers a sending action."""

    name: str
    kind: PrincipalKind
    ref: StatementRef


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedGrant:
    """An Allow statement that names one pool in aws:SourceArn, and the reasons why that pool still cannot send.

    ``mismatches`` and ``doubts`` are over both sending actions.
    """

    ref: StatementRef
    mismatches: tuple[Mismatch, ...]
    doubts: tuple[Doubt, ...]
    opens_sending: bool
    names_cognito: bool

    @property
    def works(self) -> bool:
        """The statement lets the pool send, with both actions."""
        return not self.mismatches and not self.doubts

    @property
    def fails_only_on_principal_or_action(self) -> bool:
        """Consent for this pool: the owner granted it sending through Cognito, but with a wrong principal or action.

        A statement about other actions than sending, or for a principal other than Cognito, is not consent.
        """
        return (
            bool(self.mismatches)
            and not self.doubts
            and self.opens_sending
            and self.names_cognito
            and all(isinstance(found, ActionMismatch | PrincipalMismatch) for found in self.mismatches)
        )


def kind_of(principal: str) -> PrincipalKind | None:
    """Which Cognito principal *principal* is, in any partition, or None."""
    if _GLOBAL.fullmatch(principal):
        return PrincipalKind.GLOBAL
    if _LEGACY.fullmatch(principal):
        return PrincipalKind.LEGACY
    return PrincipalKind.REGIONAL if _REGIONAL.fullmatch(principal) else None


def region_of(principal: str) -> str | None:
    """The region in a regional Cognito principal, or None."""
    found = _REGIONAL.fullmatch(principal)
    return found[1] if found else None


def allow_statements(policies: Mapping[str, PolicySource]) -> Iterator[tuple[StatementRef, Statement]]:
    """Every statement that is certainly an Allow, with its reference."""
    for name, document in policies.items():
        for statement in parse(document).statements:
            if statement.effect is StatementEffect.ALLOW:
                yield StatementRef(policy=name, index=statement.index, sid=statement.sid), statement


def covers_sending(statement: Statement) -> Truth:
    """Whether *statement* is about at least one of the sending actions."""
    actions = statement.actions
    if not isinstance(actions, Actions):
        return Truth.UNKNOWN
    return max(covers_action(actions, action) for action in SEND_ACTIONS)


def cognito_principals(statement: Statement) -> tuple[str, ...]:
    """The Cognito principals that *statement* names in Principal, in its order and spelling, whatever their letters."""
    principals = statement.principals
    if not isinstance(principals, Principals) or principals.negated:
        return ()
    return tuple(dict.fromkeys(name for name in principals.services if kind_of(name.lower()) is not None))


def trusted_cognito_principals(policies: Mapping[str, PolicySource]) -> tuple[TrustedPrincipal, ...]:
    """Every Cognito principal that some Allow statement about sending names, with or without conditions."""
    return tuple(
        TrustedPrincipal(name=name, kind=kind, ref=ref)
        for ref, statement in allow_statements(policies)
        if covers_sending(statement) is not Truth.FALSE
        for name in cognito_principals(statement)
        if (kind := kind_of(name.lower())) is not None
    )


def grants_naming_pool(policies: Mapping[str, PolicySource], sender: SendingCaller) -> tuple[NamedGrant, ...]:
    """The Allow statements that name *sender*'s pool itself in aws:SourceArn, not by a wildcard.

    *sender* is the pool with the principal that its region requires.
    """
    if sender.pool_arn is None:
        return ()
    return tuple(
        _named_grant(ref, statement, sender)
        for ref, statement in allow_statements(policies)
        if names_pool(statement, sender.pool_arn)
    )


def _named_grant(ref: StatementRef, statement: Statement, sender: SendingCaller) -> NamedGrant:
    readings = [read_statement(ref.policy, statement, Request(sender=sender, action=action)) for action in SEND_ACTIONS]
    actions = statement.actions
    return NamedGrant(
        ref=ref,
        mismatches=tuple(dict.fromkeys(found for reading in readings for found in reading.mismatches)),
        doubts=tuple(dict.fromkeys(doubt for reading in readings for doubt in reading.doubts)),
        opens_sending=isinstance(actions, Actions) and not actions.negated and covers_sending(statement) is Truth.TRUE,
        names_cognito=bool(cognito_principals(statement)),
    )


def source_conditions(statement: Statement) -> Iterator[Condition]:
    """The conditions of *statement* that match only the sources they list."""
    for condition in statement.conditions:
        if (
            isinstance(condition, Condition)
            and condition.key == "aws:sourcearn"
            and condition.operator is not None
            and condition.operator.family in _COMPARING
            and not condition.operator.negated
            and not condition.operator.if_exists
            and condition.operator.qualifier is not Qualifier.FOR_ALL_VALUES
        ):
            yield condition


def names_pool(statement: Statement, pool_arn: str) -> bool:
    """Whether a condition of *statement* on the source lists *pool_arn* itself, not by a wildcard."""
    return any(
        pool_arn in (literal(value, escapes=statement.variables) for value in condition.values)
        for condition in source_conditions(statement)
    )
