"""Whether the records of calls prove that a sender was lost by accident, so that Mailwarden may restore it by itself.

It may only if nothing speaks for a choice (docs/adr/0040): one call since the pool was found as expected, which
made the last change of the pool, shows its parameters, and does not name EmailConfiguration; and CloudTrail's own
history, which is whole by then, shows that call and no other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.known_good.origin import CLOCKS_DIFFER_BY, UPDATE, Origin, word_of, writes_email
from mailwarden.domain.known_good.past_calls import PastCall
from mailwarden.domain.known_good.record import KnownGood, Standing
from mailwarden.domain.known_good.steps import SenderReset
from mailwarden.domain.refs.call_words import EmailWord
from mailwarden.domain.refs.causes import Cause, shows_its_caller
from mailwarden.message import Message, message

# "typically delivers events within an average of about 5 minutes" (CloudTrail user guide, "How CloudTrail works").
SHOWN_WITHIN = timedelta(minutes=20)
# LookupEvents returns "events that occurred in a region within the last 90 days" (CloudTrail API reference).
KEPT_FOR = timedelta(days=90)
# A day after the alert the state that is live may be the intended one.
RESTORE_HOURS = 24
RESTORED_WITHIN = timedelta(hours=RESTORE_HOURS)
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """Why the evidence is not sufficient; ``again_after``: the time after which it may be, None if it never is."""

    reason: Message
    again_after: timedelta | None = None


def accident_in(reset: SenderReset, *, modified: datetime) -> Cause | Message:
    """The call that was an accident, or why the calls that were received do not prove one.

    *modified* is the pool's LastModifiedDate.
    """
    match reset.authorship.origin:
        case Origin.LEFT_OUT:
            pass
        case Origin.NOT_SHOWN:
            return message("evidence.hidden")
        case Origin.NOT_HEARD | Origin.DELIBERATE:
            return message("evidence.no-call")
    calls = tuple(call for call in reset.known.calls if writes_email(call))
    if not calls:
        return message("evidence.no-call")
    call, *others = calls
    if others or len(reset.authorship.calls) > 1:
        return message("evidence.several-calls", number=max(len(calls), len(reset.authorship.calls)))
    if call.event_name != UPDATE or word_of(call) is not EmailWord.ABSENT:
        return message("evidence.hidden")
    if abs(call.at - modified) > CLOCKS_DIFFER_BY:
        return message("evidence.another-change", modified=modified.isoformat(timespec="seconds"))
    if not shows_its_caller(call):
        return message("evidence.no-caller")
    if reset.known.standing is not Standing.HELD:
        return message("evidence.not-held")
    return call


def culprit_of(reset: SenderReset) -> Cause | None:
    """The one call that is known to have made the change; None if there is none, or more."""
    calls = reset.authorship.calls
    return calls[0] if len(calls) == 1 else None


def looked_up_since(known: KnownGood) -> datetime:
    """From when on the history is asked for calls: the pool was found as expected at that time, or changed to it."""
    changed = known.modified - CLOCKS_DIFFER_BY
    return changed if known.found_at is None else max(changed, known.found_at - _A_MINUTE)


def doubt_after(
    known: KnownGood, accident: Cause, found: Iterable[PastCall], *, now: datetime, again_after: timedelta
) -> Unproven | None:
    """Why the calls *found* in the history of CloudTrail, since ``looked_up_since``, do not confirm the accident.

    *known* was expected before it.

    | the history shows | result |
    |---|---|
    | another call that may have changed EmailConfiguration | a doubt |
    | a call that failed and names EmailConfiguration | a doubt |
    | not the call that was received | a doubt that may pass within 20 minutes of the call |
    | that call with EmailConfiguration, without parameters, or as failed | a doubt |
    | that call, and no other | none |
    """
    calls = tuple(call for call in found if not _changes_nothing(call, accident, known))
    others = [call for call in calls if call.event_id != accident.event_id]
    made = sum(not call.failed for call in others)
    if others:
        several = message("evidence.several-calls", number=made + 1)
        return Unproven(reason=several if made else message("evidence.wanted"))
    if not calls:
        if now - accident.at < SHOWN_WITHIN:
            return waits(again_after, now=now)
        return Unproven(reason=message("evidence.never-shown"))
    if any(call.failed or call.email is not EmailWord.ABSENT for call in calls):
        return Unproven(reason=message("evidence.contradicted"))
    return None


def waits(delay: timedelta, *, now: datetime) -> Unproven:
    """The history may still lack a call: Mailwarden reads it again after *delay*."""
    at = f"{now + delay + _A_MINUTE:%Y-%m-%d %H:%M} UTC"
    return Unproven(reason=message("evidence.waits", at=at), again_after=delay)


def _changes_nothing(call: PastCall, accident: Cause, known: KnownGood) -> bool:
    """Whether a call before the accident set exactly the expected EmailConfiguration: it chose no other one."""
    return call.at <= accident.at and call.sets is not None and call.sets.in_full == known.email.in_full
