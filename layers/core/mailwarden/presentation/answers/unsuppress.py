"""What came of an order to take an address from a suppression list, as a versioned JSON document with a text in it."""

from collections.abc import Mapping
from datetime import datetime

from mailwarden.domain.operator.addresses import masked_address
from mailwarden.domain.operator.removal import (
    COOL_DOWN,
    CarriedOut,
    NeedsConsent,
    NotKnown,
    NotOnTheList,
    Operated,
    TooSoon,
    UnderWay,
    Unsuppress,
)
from mailwarden.domain.operator.suppressed_address import SuppressedEntry
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, WriteOutcome, Written
from mailwarden.presentation.masking import masked, one_line

KIND = "unsuppress"
VERSION = 1
_SENTENCE = 800
_WORDS = {
    "confirm": 'to remove it, ask again with "confirm": true',
    "although_complaint": 'its owner complained and did not want the mail: that takes "although_complaint": true, too',
}

type Document = dict[str, object]


def unsuppress_document(operated: Operated, order: Unsuppress) -> Document:
    """The whole document. ``answer`` is for programs, ``text`` for people; the address is masked."""
    match operated:
        case NotOnTheList():
            return _document(order, "not on the list", "it is not on the list; nothing was written")
        case NotKnown(unread=unread):
            return _document(order, "not known", f"the list could not be read, nothing was written: {unread}")
        case NeedsConsent(entry=entry, lacks=lacks):
            needs = "; ".join(_WORDS[word] for word in lacks)
            text = f"it is on the list {_since(entry)}; nothing was written: {needs}"
            return _document(order, "needs consent", text, entry=entry, lacks=lacks)
        case TooSoon(entry=entry, last=last):
            text = (
                f"it was removed at {_moment(last.begun_at)} (journal entry {last.entry_id}) and is on the list again "
                f"{_since(entry)}; an address that bounces again costs reputation, so it may be removed once in "
                f"{COOL_DOWN.days} days: again at {_moment(last.again_at)}. Nothing was written"
            )
            return _document(order, "too soon", text, entry=entry, entry_id=last.entry_id, again_at=last.again_at)
        case UnderWay(since=since):
            began = "a moment ago" if since is None else f"at {_moment(since)}"
            text = f"another removal of this address began {began}; nothing was written. Ask again in two minutes"
            return _document(order, "under way", text)
        case CarriedOut(entry_id=entry_id, outcome=outcome, entry=entry, found_later=found_later):
            answer, told = _outcome(outcome)
            late = "an earlier call did not end; seen now: " if found_later else ""
            text = f"{late}{told} (it was on the list {_since(entry)}; journal entry {entry_id})"
            return _document(order, answer, text, entry=entry, entry_id=entry_id)


def misunderstood(problem: str) -> Document:
    """The answer to what is no order; *problem* says what is wrong with it."""
    text = one_line(masked(problem), _SENTENCE)
    return {"mailwarden": KIND, "version": VERSION, "answer": "not understood", "text": text}


def _document(
    order: Unsuppress,
    answer: str,
    text: str,
    *,
    entry: SuppressedEntry | None = None,
    entry_id: str | None = None,
    lacks: tuple[str, ...] = (),
    again_at: datetime | None = None,
) -> Document:
    told: Mapping[str, object] | None = None
    if entry is not None:
        told = {"reason": entry.reason, "since": entry.since.isoformat(timespec="seconds")}
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": answer,
        "text": one_line(text, _SENTENCE),
        "ses_region": order.account.region,
        "account": order.account.account,
        "address": masked_address(order.address),
        "entry": told,
        "entry_id": entry_id,
        "lacks": list(lacks),
        "again_at": None if again_at is None else again_at.isoformat(timespec="seconds"),
    }


def _outcome(outcome: WriteOutcome) -> tuple[str, str]:
    match outcome:
        case Written():
            return "removed", "it was removed, and a look afterwards no longer found it"
        case Drifted(detail=detail):
            return "drifted", f"nothing was written: {detail}"
        case Refused(detail=detail):
            return "refused", f"it was not removed: {detail}"
        case SideEffect(detail=detail):
            return "not certain", detail


def _since(entry: SuppressedEntry) -> str:
    return f"since {_moment(entry.since)}, because {entry.because}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
