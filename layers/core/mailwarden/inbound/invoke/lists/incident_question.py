"""Reads and answers the question of ``ask`` about incidents: ``{"incidents": {"all": true, "seen": ["…"]}}``."""

from collections.abc import Callable
from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.inbound.invoke.question import QUESTION
from mailwarden.inbound.invoke.question_members import number_in, require_known
from mailwarden.inbound.sqs.batch import Log
from mailwarden.presentation.answers.lists.incidents import incidents_document
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.service.incidents.read_incidents import IncidentReader

INCIDENTS = "incidents"
# Each takes a few reads of the ledger.
_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentQuestions:
    """Answers one invocation; a malformed question also gets an answer, because a caller waits for it."""

    reader: Callable[[], IncidentReader]

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """The answer as a document (``docs/incidents.schema.json``)."""
        try:
            with_ended, seen, most = _page_in(event)
        except MalformedDocument as error:
            answer = misunderstood(INCIDENTS, error.said)
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        page = self.reader().page(with_ended=with_ended, seen=seen, most=most)
        log.info("asked", extra={"answer": INCIDENTS, "incidents": page.count, "open": page.open_count})
        return incidents_document(page)


def _page_in(event: object) -> tuple[bool, frozenset[str], int]:
    members = Members.of(event, where=QUESTION).members(INCIDENTS)
    require_known(members, {"all", "seen", "most"})
    seen = frozenset(members.texts("seen") if members.has("seen") else ())
    return members.flag("all"), seen, number_in(members, "most", default=_MOST, most=_MOST)
