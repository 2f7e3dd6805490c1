"""Reads and answers the question of ``ask`` about one pool's past: ``{"history": {"pool": …, "since": "90d"}}``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.domain.operator.history import HistoryQuestion, PoolHistory
from mailwarden.inbound.invoke.asked_pool import asked_pool
from mailwarden.inbound.invoke.journal_question import since_in
from mailwarden.inbound.invoke.question import QUESTION
from mailwarden.inbound.invoke.question_members import number_in, require_known
from mailwarden.inbound.sqs.batch import Log
from mailwarden.presentation.answers.history import history_document
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.service.operator.read_history import HistoryReader

HISTORY = "history"
# As long as the ledger keeps a finding that ended.
_SINCE = timedelta(days=90)
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuestions:
    """Answers one invocation; a malformed question also gets an answer, because a caller waits for it."""

    reader: Callable[[], HistoryReader]

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """The answer as a document (``docs/history.schema.json``)."""
        reader = self.reader()
        try:
            question = _question_in(event, reader)
        except MalformedDocument as error:
            answer = misunderstood(HISTORY, error.said)
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        history = reader.read(question)
        events = len(history.events) if isinstance(history, PoolHistory) else 0
        log.info("asked", extra={"answer": HISTORY, "pool": question.pool.pool_id, "events": events})
        return history_document(history)


def _question_in(event: object, reader: HistoryReader) -> HistoryQuestion:
    members = Members.of(event, where=QUESTION).members(HISTORY)
    require_known(members, {"pool", "region", "since", "most"})
    return HistoryQuestion(
        pool=asked_pool(members, "pool", partition=reader.partition, account=reader.account),
        since=since_in(members, now=reader.clock.now(), ago=_SINCE),
        most=number_in(members, "most", default=_MOST, most=_MOST),
    )
