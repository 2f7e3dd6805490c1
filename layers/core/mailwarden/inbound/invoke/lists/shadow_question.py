"""Reads and answers the question of ``ask`` about fixes that were not written: ``{"shadow": {"days": 30}}``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.inbound.invoke.question import QUESTION
from mailwarden.inbound.invoke.question_members import number_in, require_known
from mailwarden.inbound.sqs.batch import Log
from mailwarden.presentation.answers.lists.shadow_report import shadow_document
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.service.operator.shadow_report import ShadowReporter

SHADOW = "shadow"
_DAYS = 30
_MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowQuestions:
    """Answers one invocation; a malformed question also gets an answer, because a caller waits for it."""

    reporter: Callable[[], ShadowReporter]

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """The answer as a document."""
        try:
            days = _days_in(event)
        except MalformedDocument as error:
            answer = misunderstood(SHADOW, error.said)
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        reporter = self.reporter()
        since = reporter.pools.clock.now() - timedelta(days=days)
        document = shadow_document(reporter.report(since.date()))
        log.info("asked", extra={"answer": SHADOW, "cases": document["count"]})
        return document


def _days_in(event: object) -> int:
    members = Members.of(event, where=QUESTION).members(SHADOW)
    require_known(members, {"days"})
    return number_in(members, "days", default=_DAYS, most=_MOST_DAYS)
