"""Reads and answers the question of ``ask`` about exemptions: ``{"exemptions": {}}``."""

from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, MalformedDocument
from mailwarden.inbound.invoke.deployment_question import without_members
from mailwarden.inbound.sqs.batch import Log
from mailwarden.presentation.answers.lists.exemptions import exemptions_document
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.service.operator.read_exemptions import ExemptionReader

EXEMPTIONS = "exemptions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionQuestions:
    """Answers one invocation; a malformed question also gets an answer, because a caller waits for it."""

    reader: ExemptionReader

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """The answer as a document."""
        try:
            without_members(event, EXEMPTIONS)
        except MalformedDocument as error:
            answer = misunderstood(EXEMPTIONS, error.said)
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        document = exemptions_document(self.reader.current())
        log.info("asked", extra={"answer": EXEMPTIONS, "exemptions": document["count"]})
        return document
