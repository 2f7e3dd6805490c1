"""Reads and answers the question of ``ask`` about all pools: ``{"pools": {}}``."""

from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, MalformedDocument
from mailwarden.inbound.invoke.deployment_question import without_members
from mailwarden.inbound.sqs.batch import Log
from mailwarden.presentation.answers.lists.pools import pools_document
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.service.operator.read_pools import PoolReader

POOLS = "pools"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolQuestions:
    """Answers one invocation; a malformed question also gets an answer, because a caller waits for it."""

    reader: PoolReader

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """The answer as a document (``docs/pools.schema.json``)."""
        try:
            without_members(event, POOLS)
        except MalformedDocument as error:
            answer = misunderstood(POOLS, error.said)
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        document = pools_document(self.reader.current())
        log.info("asked", extra={"answer": POOLS, "pools": document["count"]})
        return document
