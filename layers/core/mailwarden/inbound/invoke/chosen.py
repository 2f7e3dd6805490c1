"""Chooses, by the member that an event has, the handler of an invocation by a person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument
from mailwarden.inbound.invoke.deployment_question import DEPLOYMENT, DeploymentQuestions
from mailwarden.inbound.invoke.journal_question import JOURNAL, JournalQuestions
from mailwarden.inbound.invoke.question import Questions
from mailwarden.inbound.invoke.sender_order import SET_SENDER, SenderOrders
from mailwarden.inbound.invoke.stop_question import STOPPED, StopQuestions
from mailwarden.inbound.invoke.undo_order import UNDO, UndoOrders
from mailwarden.inbound.invoke.unsuppress_order import OperatorOrders
from mailwarden.inbound.sqs.batch import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOrder:
    """The orders of ``operate``; the parts that only a write to a pool or an identity needs are built for one."""

    unsuppress: OperatorOrders
    undo: Callable[[], UndoOrders]
    set_sender: Callable[[], SenderOrders]

    def carry_out(self, event: object, *, request_id: str, log: Log) -> JsonDocument:
        """Carry out one order; the answer as a document."""
        if _has(event, UNDO):
            return self.undo().carry_out(event, request_id=request_id, log=log)
        if _has(event, SET_SENDER):
            return self.set_sender().carry_out(event, request_id=request_id, log=log)
        return self.unsuppress.carry_out(event, request_id=request_id, log=log)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyQuestion:
    """The questions of ``ask``; the parts that need the settings in effect are built for one question."""

    diagnosis: Callable[[], Questions]
    deployment: Callable[[], DeploymentQuestions]
    journal: JournalQuestions
    stop: StopQuestions

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """Answer one question; the answer as a document."""
        if _has(event, JOURNAL):
            return self.journal.answer(event, log=log)
        if _has(event, STOPPED):
            return self.stop.answer(event, log=log)
        if _has(event, DEPLOYMENT):
            return self.deployment().answer(event, log=log)
        return self.diagnosis().answer(event, log=log)


def _has(event: object, name: str) -> bool:
    return isinstance(event, Mapping) and name in event
