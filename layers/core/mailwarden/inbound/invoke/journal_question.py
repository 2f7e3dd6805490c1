"""Reads and answers the question of ``ask`` about the journal: ``{"journal": {"id": …}}`` or ``{"journal": {…}}``."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from mailwarden.documents.faults import wrong
from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members, time_from_text
from mailwarden.domain.operator.journal_question import EntriesQuestion, EntryQuestion, JournalQuestion
from mailwarden.domain.refs.resources import IdentityRef, NotASubject, PoolRef, is_pool_id
from mailwarden.inbound.invoke.asked_pool import no_pool
from mailwarden.inbound.invoke.question import QUESTION
from mailwarden.inbound.invoke.question_members import number_in, require_known
from mailwarden.inbound.invoke.undo_order import ENTRY_ID
from mailwarden.inbound.sqs.batch import Log
from mailwarden.message import message
from mailwarden.presentation.answers.journal import journal_document
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.service.operator.read_journal import JournalReader

JOURNAL = "journal"
_SINCE = timedelta(days=30)
_LONGEST = timedelta(days=400)
_MOST = 50
_AGO = re.compile(r"([1-9][0-9]{0,3})([hd])", re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1)}
_IDENTITY_NAME = re.compile(r"[^\s*?/:]{1,320}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalQuestions:
    """Answers one invocation; a malformed question also gets an answer, because a caller waits for it."""

    reader: JournalReader

    def answer(self, event: object, *, log: Log) -> JsonDocument:
        """The answer as a document (``docs/journal.schema.json``)."""
        try:
            question = journal_question_from(event, now=self.reader.clock.now())
        except MalformedDocument as error:
            answer = misunderstood(JOURNAL, error.said, member="problem")
            log.info("not understood", extra={"reason": answer["problem"]})
            return answer
        answered = self.reader.answer(question)
        document = journal_document(answered, account=self.reader.account)
        log.info("asked", extra={"answer": document["answer"], "entries": len(answered.found.entries)})
        return document


def journal_question_from(event: object, *, now: datetime) -> JournalQuestion:
    """Read a question; raises MalformedDocument with the reason."""
    members = Members.of(event, where=QUESTION).members(JOURNAL)
    require_known(members, {"id", "pool", "identity", "since", "most"})
    entry_id = members.optional_text("id")
    if entry_id is not None:
        if ENTRY_ID.fullmatch(entry_id) is None:
            raise MalformedDocument(wrong(f"{members.where}.id", entry_id, message("expected.entry-id")))
        return EntryQuestion(entry_id=entry_id)
    return EntriesQuestion(
        since=since_in(members, now=now, ago=_SINCE),
        most=number_in(members, "most", default=_MOST, most=_MOST),
        pool=_pool(members),
        identity=_identity(members),
    )


def since_in(members: Members, *, now: datetime, ago: timedelta) -> datetime:
    """The time in the member ``since``, else that of *ago*; 400 days ago at most. Raises MalformedDocument."""
    said = members.optional_text("since")
    if said is None:
        return now - ago
    relative = _AGO.fullmatch(said)
    try:
        since = now - int(relative[1]) * _UNITS[relative[2]] if relative else _moment(said)
    except ValueError as error:
        raise MalformedDocument(wrong(f"{members.where}.since", said, message("expected.since"))) from error
    return max(since, now - _LONGEST)


def _moment(said: str) -> datetime:
    if len(said) == len("2026-11-29"):
        return datetime.combine(datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=UTC), time(), tzinfo=UTC)
    return time_from_text(said)


def _pool(members: Members) -> str | None:
    said = members.optional_text("pool")
    if said is None or is_pool_id(said):
        return said
    try:
        return PoolRef.from_arn(said).arn
    except NotASubject as error:
        raise MalformedDocument(no_pool(f"{members.where}.pool", said)) from error


def _identity(members: Members) -> str | None:
    said = members.optional_text("identity")
    if said is None or _IDENTITY_NAME.fullmatch(said):
        return said
    try:
        return IdentityRef.from_arn(said).arn
    except NotASubject as error:
        raise MalformedDocument(wrong(f"{members.where}.identity", said, message("expected.identity"))) from error
