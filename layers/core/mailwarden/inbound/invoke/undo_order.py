"""Reads, carries out and answers an order to ``operate``: ``{"undo": {"entry": …, "by": …, "confirm": true}}``."""

import re
from dataclasses import dataclass
from functools import partial

from mailwarden.documents.faults import wrong
from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.domain.operator.undo import UndoCarriedOut, UndoOrder, UndoRefused
from mailwarden.domain.repair.journal import window_of
from mailwarden.inbound.invoke.orders import Action, Invocation, operator_in
from mailwarden.masking import masked
from mailwarden.message import message
from mailwarden.presentation.answers.undo import undo_document
from mailwarden.presentation.masking import one_line
from mailwarden.service.operator.undo import EntryUndo

UNDO = "undo"
ENTRY_ID = re.compile(r"[0-9A-Za-z:.+-]{1,64}", re.ASCII)
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoOrders:
    """Reads and carries out an order."""

    undoing: EntryUndo

    def read(self, members: Members) -> Action:
        """The undo; raises MalformedDocument with the reason."""
        return partial(self._undo, undo_order_from(members))

    def _undo(self, order: UndoOrder, call: Invocation) -> JsonDocument:
        undone = self.undoing.undo(order, request_id=call.request_id)
        document = undo_document(undone, order)
        window = window_of(undone.outcome) if isinstance(undone, UndoCarriedOut) else None
        call.log.info(
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


def undo_order_from(members: Members) -> UndoOrder:
    """Read an order; raises MalformedDocument with the reason."""
    entry_id = members.text("entry")
    if ENTRY_ID.fullmatch(entry_id) is None:
        raise MalformedDocument(wrong(f"{members.where}.entry", entry_id, message("expected.entry-id")))
    return UndoOrder(
        entry_id=entry_id,
        by=operator_in(members),
        reason=one_line(masked(members.optional_text("reason") or ""), _LONGEST),
        confirm=members.flag("confirm"),
    )
