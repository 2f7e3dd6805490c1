"""What became of a write whose process ended: the live resource is compared with the change, and with nothing else."""

from enum import StrEnum

from mailwarden.documents.reader import canonical_text
from mailwarden.domain.findings.changes import GrantSending, ReplaceEmailConfiguration, ReplaceRiskConfiguration
from mailwarden.domain.readings import (
    IdentityReading,
    Missing,
    PoolReading,
    RoleReading,
    ServiceLinkedRole,
    Unreadable,
)
from mailwarden.domain.repair.journal import NotWritten, Overtaken, SideEffect, WriteOutcome, Written
from mailwarden.message import message


class LiveState(StrEnum):
    """What a resource is, compared with a change to it."""

    BEFORE = "before"
    AFTER = "after"
    PARTLY = "partly"
    """Some of its parts are as before, the others as after the change."""
    OTHER = "other"
    """Neither: another actor changed or removed it."""


def state_of_pool(change: ReplaceEmailConfiguration, live: PoolReading) -> LiveState | Unreadable:
    """Compare a pool's EmailConfiguration; an absent EmailSendingAccount means COGNITO_DEFAULT."""
    if isinstance(live, Unreadable):
        return live
    if isinstance(live, Missing):
        return LiveState.OTHER
    email = live.email.in_full
    if email == change.after.in_full:
        return LiveState.AFTER
    return LiveState.BEFORE if email == change.before.in_full else LiveState.OTHER


def state_of_risk(change: ReplaceRiskConfiguration, live: PoolReading) -> LiveState | Unreadable:
    """Compare a pool's risk configuration; one that threat protection does not use any more is another actor's."""
    if isinstance(live, Unreadable):
        return live
    if isinstance(live, Missing):
        return LiveState.OTHER
    if isinstance(live.threat_notices, Unreadable):
        return live.threat_notices
    if live.risk == change.after:
        return LiveState.AFTER
    return LiveState.BEFORE if live.risk == change.before else LiveState.OTHER


def state_of_policies(change: GrantSending, live: IdentityReading) -> LiveState | Unreadable:
    """Compare the policies that a grant names, by meaning; other policies of the identity do not matter."""
    if isinstance(live, Unreadable):
        return live
    if isinstance(live, Missing):
        return LiveState.OTHER
    texts = {name: canonical_text(live.policies.get(name)) for name in change.after}
    is_after = {name: texts[name] == canonical_text(change.after[name]) for name in texts}
    is_before = {name: texts[name] == canonical_text(change.before.get(name)) for name in texts}
    if all(is_after.values()):
        return LiveState.AFTER
    if all(is_before.values()):
        return LiveState.BEFORE
    return LiveState.PARTLY if all(is_after[name] or is_before[name] for name in texts) else LiveState.OTHER


def state_of_role(live: RoleReading) -> LiveState | Unreadable:
    """Compare the service-linked role with its creation."""
    if isinstance(live, Unreadable):
        return live
    return LiveState.AFTER if live is ServiceLinkedRole.PRESENT else LiveState.BEFORE


def outcome_of(state: LiveState, *, entry_id: str) -> WriteOutcome:
    """The outcome of a write that nobody concluded, from the live state alone."""
    match state:
        case LiveState.AFTER:
            return Written(entry_id=entry_id)
        case LiveState.BEFORE:
            return NotWritten(reason=message("recovery.not-written"))
        case LiveState.PARTLY:
            return SideEffect(reason=message("recovery.partly-written"))
        case LiveState.OTHER:
            return Overtaken(reason=message("recovery.overtaken"))
