"""Reads and answers the question of ``ask`` about the emergency stop: ``{"stopped": {}}``."""

from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, MalformedDocument
from mailwarden.inbound.invoke.deployment_question import without_members
from mailwarden.inbound.sqs.batch import Log
from mailwarden.ports.repair.stop_switch import StopSwitch
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.presentation.answers.release import stop_document

STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopQuestions:
    """Answers one invocation; a malformed question also gets an answer, because a caller waits for it."""

    switch: StopSwitch

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """The answer as a document: whether an operator stopped repairs, who, and since when."""
        try:
            without_members(event, STOPPED)
        except MalformedDocument as error:
            answer = misunderstood(STOPPED, error.said)
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        document = stop_document(self.switch.current())
        log.info("asked", extra={"answer": document["answer"]})
        return document
