"""What came of an order to take an address from a suppression list, as a versioned JSON document with a text in it."""

from collections.abc import Mapping
from datetime import datetime

from mailwarden.documents.reader import JsonDocument
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
from mailwarden.domain.repair.journal import (
    Drifted,
    NotWritten,
    Overtaken,
    Refused,
    SideEffect,
    Unconfirmed,
    WriteResult,
    Written,
)
from mailwarden.message import Message, message
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import one_line

KIND = "unsuppress"
VERSION = 1
_SENTENCE = 800


def unsuppress_document(operated: Operated, order: Unsuppress) -> JsonDocument:
    """The whole document. ``answer`` is for programs, ``text`` for people; the address is masked."""
    match operated:
        case NotOnTheList():
            return _document(order, "not on the list", message("unsuppress.not-listed"))
        case NotKnown(refusal=refusal):
            return _document(order, "not known", message("unsuppress.not-known", refusal=refusal))
        case NeedsConsent(entry=entry, lacks=lacks):
            said = message("unsuppress.needs-consent", entry=entry.message, lacks=tuple(map(_lacking, lacks)))
            return _document(order, "needs consent", said, entry=entry, lacks=lacks)
        case TooSoon(entry=entry, last=last):
            said = message(
                "unsuppress.too-soon",
                removed=_moment(last.begun_at),
                entry_id=last.entry_id,
                entry=entry.message,
                days=COOL_DOWN.days,
                again=_moment(last.again_at),
            )
            return _document(order, "too soon", said, entry=entry, entry_id=last.entry_id, again_at=last.again_at)
        case UnderWay(since=since):
            said = (
                message("unsuppress.under-way")
                if since is None
                else message("unsuppress.under-way-since", since=_moment(since))
            )
            return _document(order, "under way", said)
        case CarriedOut(entry_id=entry_id, outcome=outcome, entry=entry, found_later=found_later):
            answer, result = _outcome(outcome)
            said = message(
                "unsuppress.found-later" if found_later else "unsuppress.carried-out",
                result=result,
                entry=entry.message,
                entry_id=entry_id,
            )
            return _document(order, answer, said, entry=entry, entry_id=entry_id)


def _document(
    order: Unsuppress,
    answer: str,
    said: Message,
    *,
    entry: SuppressedEntry | None = None,
    entry_id: str | None = None,
    lacks: tuple[str, ...] = (),
    again_at: datetime | None = None,
) -> JsonDocument:
    told: Mapping[str, object] | None = None
    if entry is not None:
        told = {"reason": entry.reason, "since": entry.since.isoformat(timespec="seconds")}
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": answer,
        "text": one_line(spoken().text(said), _SENTENCE),
        "ses_region": order.account.region,
        "account": order.account.account,
        "address": masked_address(order.address),
        "entry": told,
        "entry_id": entry_id,
        "lacks": list(lacks),
        "again_at": None if again_at is None else again_at.isoformat(timespec="seconds"),
    }


def _outcome(outcome: WriteResult) -> tuple[str, Message]:
    match outcome:
        case Written():
            return "removed", message("unsuppress.removed")
        case Drifted(reason=reason):
            return "drifted", message("unsuppress.drifted", reason=reason)
        case Refused(reason=reason) | NotWritten(reason=reason):
            return "refused", message("unsuppress.refused", reason=reason)
        case SideEffect(reason=reason) | Overtaken(reason=reason) | Unconfirmed(reason=reason):
            return "not certain", reason


def _lacking(word: str) -> Message:
    return message(f"unsuppress.lacks.{word}")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
