"""The result of an order to undo an entry, as a versioned JSON document."""

from dataclasses import replace

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.operator.undo import (
    ForeseenPool,
    UndoAnswer,
    UndoCarriedOut,
    UndoOrder,
    UndoPlanned,
    UndoRefused,
    UnjudgedPool,
)
from mailwarden.domain.repair.journal import (
    Drifted,
    Entry,
    NotWritten,
    Overtaken,
    Refused,
    SideEffect,
    Unconfirmed,
    WriteResult,
    Written,
)
from mailwarden.masking import masked
from mailwarden.message import Message, message
from mailwarden.presentation.answers.change_rows import change_rows
from mailwarden.presentation.answers.foreseen_pool import foreseen_document
from mailwarden.presentation.answers.journal_entry import entry_document, shown_of
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import one_line

KIND = "undo"
VERSION = 1
_NAME = 128
_SENTENCE = 800


def undo_document(answer: UndoAnswer, order: UndoOrder) -> JsonDocument:
    """The whole document. ``answer`` and ``code`` are for programs, ``text`` for people."""
    match answer:
        case UndoRefused(reason=reason, entry=entry, change=change, foreseen=foreseen):
            said = message("undo.refused", reason=reason)
            return _document(order, "refused", said, refusal=reason, entry=entry, change=change, foreseen=foreseen)
        case UndoPlanned(entry=entry, change=change, foreseen=foreseen):
            return _document(order, "dry run", message("undo.planned"), entry=entry, change=change, foreseen=foreseen)
        case UndoCarriedOut(entry=entry, change=change, undo_id=undo_id, outcome=outcome, foreseen=foreseen):
            word, said = _outcome(outcome)
            if answer.found_later:
                said = message("undo.found-later", result=said)
            if isinstance(outcome, Written):
                entry = replace(entry, undone_by=undo_id)
            return _document(order, word, said, entry=entry, change=change, foreseen=foreseen, undo_id=undo_id)


def _document(
    order: UndoOrder,
    answer: str,
    said: Message,
    *,
    entry: Entry | None,
    change: WrittenChange | None,
    foreseen: tuple[ForeseenPool | UnjudgedPool, ...],
    undo_id: str | None = None,
    refusal: Message | None = None,
) -> JsonDocument:
    text = one_line(masked(spoken().text(said)), _SENTENCE) if entry is None else shown_of(entry.intention, said)
    pools = getattr(change, "pools", ()) or (() if entry is None else entry.intention.pools)
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": answer,
        "text": text,
        "code": None if refusal is None else refusal.id,
        "entry_id": one_line(masked(order.entry_id), _NAME),
        "undo_id": undo_id,
        "entry": None if entry is None else _entry(entry, refusal),
        "resource": None if change is None else change.resource,
        "diff": [] if change is None else change_rows(change),
        "pools_count": len(pools),
        "pools": [foreseen_document(each) for each in foreseen],
    }


def _entry(entry: Entry, refusal: Message | None) -> JsonDocument:
    """The entry, with the reason why it is not undone, or not again."""
    if refusal is None and entry.undone_by is not None:
        refusal = message("undo.already", entry_id=entry.undone_by)
    return entry_document(entry, no_undo=refusal)


def _outcome(outcome: WriteResult) -> tuple[str, Message]:
    match outcome:
        case Written():
            return "undone", message("undo.done")
        case Drifted(reason=reason) | Refused(reason=reason) | NotWritten(reason=reason):
            return "not written", message("undo.failed", reason=reason)
        case SideEffect(reason=reason) | Overtaken(reason=reason) | Unconfirmed(reason=reason):
            return "not certain", message("undo.not-certain", reason=reason)
