"""Reads and answers the question of ``ask`` about all pools, or those of a name: ``{"pools": {"name": "shop-*"}}``."""

from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.pool_list import PoolChoice
from mailwarden.inbound.invoke.question import QUESTION
from mailwarden.inbound.invoke.question_members import require_known
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
            choice = _choice_in(event)
        except MalformedDocument as error:
            answer = misunderstood(POOLS, error.said)
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        document = pools_document(self.reader.current().chosen(choice))
        log.info("asked", extra={"answer": POOLS, "pools": document["count"]})
        return document


def _choice_in(event: object) -> PoolChoice:
    members = Members.of(event, where=QUESTION).members(POOLS)
    require_known(members, {"name", "can_send"})
    name = members.optional_text("name")
    return PoolChoice(name="*" if name is None else name, answer=members.optional_choice("can_send", Answer))
