"""Answers an operator's question about the journal; writes nothing."""

from dataclasses import dataclass

from mailwarden.domain.operator.journal_question import EntriesQuestion, EntryQuestion, FoundEntries, JournalAnswer
from mailwarden.ports.clock import Clock
from mailwarden.ports.operator.journal_entries import JournalEntries


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalReader:
    """Reads the journal of one deployment; ``account`` is its account."""

    journal: JournalEntries
    clock: Clock
    account: str

    def answer(self, question: EntryQuestion | EntriesQuestion) -> JournalAnswer:
        """The entry, or the latest entries, that the question asks for."""
        at = self.clock.now()
        match question:
            case EntryQuestion(entry_id=entry_id):
                entry = self.journal.entry(entry_id)
                found = FoundEntries(entries=() if entry is None else (entry,), is_complete=True)
            case EntriesQuestion(since=since, most=most):
                found = self.journal.latest(since=since, until=at, most=most, wanted=question.concerns)
        return JournalAnswer(question=question, found=found, at=at)
