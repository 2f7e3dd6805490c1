"""Whether the records of calls prove that a sender was lost by accident, so that Mailwarden may restore it by itself.

It may only if nothing speaks for a choice (docs/adr/0040): one call since the pool was found as expected, which made
the last change of the pool, shows its parameters, and does not name EmailConfiguration; and CloudTrail's own history
shows that call, and no other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.known_good.origin import (
    CLOCKS_DIFFER_BY,
    UPDATE,
    Origin,
    kind_of_sender,
    word_of,
    writes_email,
)
from mailwarden.domain.known_good.record import KnownGood
from mailwarden.domain.known_good.steps import SenderReset
from mailwarden.domain.refs.causes import Cause, EmailWord
from mailwarden.message import Message, message

# "typically delivers events within an average of about 5 minutes" (CloudTrail user guide, "How CloudTrail works").
SHOWN_WITHIN = timedelta(minutes=20)
# LookupEvents returns "events that occurred in a region within the last 90 days" (CloudTrail API reference).
KEPT_FOR = timedelta(days=90)
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """A successful UpdateUserPool of one pool in the history of CloudTrail; ``at`` is cut to seconds, as in records."""

    event_id: str
    at: datetime
    email: EmailWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """Why the evidence is not sufficient; ``may_pass``: it may be later."""

    reason: Message
    may_pass: bool = False


def doubt_of(reset: SenderReset, *, modified: datetime) -> Message | None:
    """Why the calls that were received do not prove an accident; *modified* is the pool's LastModifiedDate."""
    match reset.authorship.origin:
        case Origin.LEFT_OUT:
            pass
        case Origin.NOT_SHOWN:
            return message("evidence.hidden")
        case Origin.NOT_HEARD | Origin.DELIBERATE:
            return message("evidence.no-call")
    calls = tuple(call for call in reset.known.calls if writes_email(call))
    if len(calls) != 1 or len(reset.authorship.calls) != 1:
        return message("evidence.several-calls", number=max(len(calls), len(reset.authorship.calls)))
    (call,) = calls
    if call.event_name != UPDATE or word_of(call) is not EmailWord.ABSENT:
        return message("evidence.hidden")
    if abs(call.at - modified) > CLOCKS_DIFFER_BY:
        return message("evidence.another-change", modified=modified.isoformat(timespec="seconds"))
    return None


def culprit_of(reset: SenderReset) -> Cause | None:
    """The one call that is known to have made the change; None if there is none, or more."""
    calls = reset.authorship.calls
    return calls[0] if len(calls) == 1 else None


def looked_up_since(known: KnownGood) -> datetime:
    """From when on the history is asked for calls: the pool was found as expected at that time, or changed to it."""
    changed = known.modified - CLOCKS_DIFFER_BY
    return changed if known.found_at is None else max(changed, known.found_at - _A_MINUTE)


def doubt_after(reset: SenderReset, found: Iterable[PastCall], *, now: datetime) -> Unproven | None:
    """Why the calls *found* in the history of CloudTrail, since ``looked_up_since``, do not confirm the accident.

    | the history shows | result |
    |---|---|
    | not the call that was received | a doubt that may pass within 20 minutes of the call |
    | the call with EmailConfiguration, or without parameters | a doubt |
    | another call that may have changed EmailConfiguration | a doubt |
    | that call, and no other | none |
    """
    culprit = culprit_of(reset)
    if culprit is None:
        return Unproven(reason=message("evidence.no-call"))
    others = []
    shown: PastCall | None = None
    for call in found:
        if call.event_id == culprit.event_id:
            shown = call
        elif not _made_known(call, reset.known):
            others.append(call)
    if others:
        return Unproven(reason=message("evidence.several-calls", number=len(others) + 1))
    if shown is None:
        if now - culprit.at < SHOWN_WITHIN:
            return Unproven(reason=message("evidence.not-shown-yet"), may_pass=True)
        return Unproven(reason=message("evidence.never-shown"))
    if shown.email is not EmailWord.ABSENT:
        return Unproven(reason=message("evidence.contradicted"))
    return None


def _made_known(call: PastCall, known: KnownGood) -> bool:
    """Whether a call set what is expected: it was made before the pool was last modified to it, and names it."""
    return call.at <= known.modified and call.email in {kind_of_sender(known.email), EmailWord.NAMED}
