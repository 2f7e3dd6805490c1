"""The question that one SES side puts to the sending policies of its identity, and the answer, remembered.

Five rules put the same question, and so do the many pools of one identity look after look: the answer depends on
nothing but the contents of the question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from mailwarden.domain.mail_path.from_header import FromHeader
from mailwarden.message import Message, message
from mailwarden.policy import (
    SERVICE_LINKED_ROLE,
    ActionMismatch,
    Allowed,
    Denied,
    NotAllowed,
    Reading,
    SendingCaller,
    SendingDecision,
    Undecidable,
    blocking_denies,
    cognito_service,
    decide_sending,
    grants_naming_pool,
    service_linked_role,
    trusted_cognito_principals,
)

# Cognito has three kinds of principals; the author of a policy may name any number, each asked about all statements.
_MOST_PRINCIPALS = 4


class Fault(StrEnum):
    """What is wrong with the authorization of one side; each has its own rule."""

    NO_GRANT = "no grant"
    DENIED = "denied"
    WRONG_PRINCIPAL = "wrong principal"
    UNDECIDABLE = "undecidable"
    HALF_A_GRANT = "half a grant"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAnswer:
    """The fault, the evaluation, and the principals concerned.

    ``stopped`` is who cannot send: a service principal, or the service-linked role.
    """

    fault: Fault
    evaluation: Message
    stopped: str
    principals_found: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantQuestion:
    """May the pool send as the identity, whose policies these are, by name?

    ``principal`` is the service that Cognito sends as. ``required``: that service has to be allowed. ``as_role``: the
    service-linked role must not be denied.
    """

    policies: tuple[tuple[str, str], ...]
    pool_arn: str
    account: str
    identity_arn: str
    principal: str
    header: FromHeader
    required: bool
    as_role: bool


@lru_cache(maxsize=1024)
def answer(question: GrantQuestion) -> GrantAnswer | None:
    """The worst that can be said, None if mail gets through: what is certainly lost comes before what is not known."""
    policies = dict(question.policies)
    role_denials = blocking_denies(policies, role_caller(question)) if question.as_role else None
    if role_denials is not None and role_denials.certain:
        return _answer(question, Fault.DENIED, _denies(role_denials.certain), stopped=SERVICE_LINKED_ROLE)
    found = _required(question) if question.required else _advisory(question)
    if found is None and role_denials is not None and role_denials.possible:
        return _answer(question, Fault.UNDECIDABLE, _may_deny(role_denials.possible), stopped=SERVICE_LINKED_ROLE)
    return found


def _required(question: GrantQuestion) -> GrantAnswer | None:
    decided = decide_sending(dict(question.policies), service_caller(question))
    evaluation = decided.decision.message
    match decided.decision:
        case Allowed():
            return None
        case Denied():
            return _answer(question, Fault.DENIED, evaluation)
        case Undecidable():
            return _answer(question, Fault.UNDECIDABLE, evaluation)
        case NotAllowed():
            return _answer(question, _kind_of_gap(question, decided), evaluation)


def _kind_of_gap(question: GrantQuestion, decided: SendingDecision) -> Fault:
    if decided.allowed_actions or _only_the_action_fails(question):
        return Fault.HALF_A_GRANT
    others = [name for name in _principals_found(question) if name != question.principal]
    if any(_would_send_as(question, name) for name in others[:_MOST_PRINCIPALS]):
        return Fault.WRONG_PRINCIPAL
    return Fault.NO_GRANT


def _only_the_action_fails(question: GrantQuestion) -> bool:
    return any(
        grant.fails_only_on_principal_or_action
        and all(isinstance(mismatch, ActionMismatch) for mismatch in grant.mismatches)
        for grant in grants_naming_pool(dict(question.policies), service_caller(question))
    )


def _would_send_as(question: GrantQuestion, principal: str) -> bool:
    return isinstance(decide_sending(dict(question.policies), service_caller(question, principal)).decision, Allowed)


def _advisory(question: GrantQuestion) -> GrantAnswer | None:
    """Where the role sends, a Deny for the service is a doubt only: as which of the two Cognito calls nobody says."""
    denials = blocking_denies(dict(question.policies), service_caller(question))
    if denials.certain:
        return _answer(question, Fault.UNDECIDABLE, message("grant.denied-service", statements=_refs(denials.certain)))
    if denials.possible:
        return _answer(question, Fault.UNDECIDABLE, _may_deny(denials.possible))
    return None


def service_caller(question: GrantQuestion, principal: str | None = None) -> SendingCaller:
    """Cognito as the service that the question is about, or as another one."""
    return cognito_service(
        principal=principal or question.principal,
        pool_arn=question.pool_arn,
        identity_arn=question.identity_arn,
        from_address=question.header.address,
        from_display_name=question.header.display_name,
    )


def role_caller(question: GrantQuestion) -> SendingCaller:
    """Cognito as its service-linked role."""
    return service_linked_role(
        account=question.account,
        identity_arn=question.identity_arn,
        from_address=question.header.address,
        from_display_name=question.header.display_name,
    )


def _principals_found(question: GrantQuestion) -> tuple[str, ...]:
    found = trusted_cognito_principals(dict(question.policies))
    return tuple(dict.fromkeys(principal.name for principal in found))


def _answer(question: GrantQuestion, fault: Fault, evaluation: Message, *, stopped: str | None = None) -> GrantAnswer:
    return GrantAnswer(
        fault=fault,
        evaluation=evaluation,
        stopped=stopped or question.principal,
        principals_found=_principals_found(question),
    )


def _refs(readings: Sequence[Reading]) -> tuple[Message, ...]:
    return tuple(reading.ref.message for reading in readings)


def _denies(readings: Sequence[Reading]) -> Message:
    return message("grant.denied", statements=_refs(readings))


def _may_deny(readings: Sequence[Reading]) -> Message:
    return message(
        "sentences",
        sentences=tuple(
            message("grant.may-deny", statement=reading.ref.message, reasons=reading.reasons) for reading in readings
        ),
    )
