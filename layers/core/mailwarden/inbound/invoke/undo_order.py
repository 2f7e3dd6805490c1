"""Reads, carries out and answers an order to ``operate``: ``{"undo": {"entry": …, "by": …, "confirm": true}}``."""

import re
from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.domain.operator.undo import UndoCarriedOut, UndoOrder, UndoRefused
from mailwarden.domain.repair.journal import window_of
from mailwarden.inbound.sqs.batch import Log
from mailwarden.masking import masked
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.presentation.answers.undo import undo_document
from mailwarden.presentation.masking import one_line
from mailwarden.service.operator.undo import EntryUndo

UNDO = "undo"
ENTRY_ID = re.compile(r"[0-9A-Za-z:.+-]{1,64}", re.ASCII)
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoOrders:
    """Carries out one invocation."""

    undoing: EntryUndo

    def carry_out(self, event: object, *, request_id: str, log: Log) -> JsonDocument:
        """The answer as a document; a malformed order also gets an answer, because a caller waits for it."""
        try:
            order = undo_order_from(event)
        except MalformedDocument as error:
            answer = misunderstood(UNDO, str(error))
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        undone = self.undoing.undo(order, request_id=request_id)
        document = undo_document(undone, order)
        window = window_of(undone.outcome) if isinstance(undone, UndoCarriedOut) else None
        log.info(
            UNDO,
            extra={
                "entry_id": order.entry_id,
                "by": order.by,
                "answer": document["answer"],
                "code": undone.reason.id if isinstance(undone, UndoRefused) else None,
                "undo_id": document["undo_id"],
                "window_ms": None if window is None else round(window.milliseconds, 1),
            },
        )
        return document


def undo_order_from(event: object) -> UndoOrder:
    """Read an order; raises MalformedDocument with the reason."""
    whole = Members.of(event, where="the order")
    if set(whole.values) != {UNDO}:
        raise MalformedDocument(f"{whole.where} is to have exactly one member, {UNDO!r}")
    members = whole.members(UNDO)
    entry_id = members.text("entry")
    if ENTRY_ID.fullmatch(entry_id) is None:
        raise MalformedDocument(f"{members.where}.entry is {entry_id[:40]!r}, not the id of a journal entry")
    by = _line(members.text("by"))
    if not by:
        raise MalformedDocument(f"{members.where}.by is empty: the journal is to name who asked for it")
    return UndoOrder(
        entry_id=entry_id,
        by=by,
        reason=_line(members.optional_text("reason") or ""),
        confirm=members.flag("confirm"),
    )


def _line(text: str) -> str:
    return one_line(masked(text), _LONGEST)
