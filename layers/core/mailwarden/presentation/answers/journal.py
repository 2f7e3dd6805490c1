"""Entries of the journal as a versioned JSON document (``docs/journal.schema.json``)."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.operator.journal_question import EntryQuestion, JournalAnswer
from mailwarden.domain.repair.journal import Entry
from mailwarden.domain.repair.undo import why_not_undone
from mailwarden.masking import masked
from mailwarden.presentation.answers.change_rows import change_rows
from mailwarden.presentation.answers.journal_entry import entry_document
from mailwarden.presentation.masking import one_line

KIND = "journal"
VERSION = 1
_SENTENCE = 800


def journal_document(answer: JournalAnswer, *, account: str) -> JsonDocument:
    """The whole document; *account* is the deployment's."""
    head: JsonDocument = {
        "mailwarden": KIND,
        "version": VERSION,
        "at": answer.at.isoformat(timespec="seconds"),
    }

    def document(entry: Entry, *, whole: bool) -> JsonDocument:
        return entry_document(entry, no_undo=why_not_undone(entry, at=answer.at, account=account), whole=whole)

    entries, question = answer.found.entries, answer.question
    if not isinstance(question, EntryQuestion):
        return head | {
            "answer": "entries",
            "since": question.since.isoformat(timespec="seconds"),
            "entries": [document(entry, whole=False) for entry in entries],
            "is_complete": answer.found.is_complete,
        }
    if not entries:
        return head | {"answer": "not found", "id": question.entry_id}
    (entry,) = entries
    return head | {
        "answer": "entry",
        "entry": document(entry, whole=True),
        "findings": [
            {"rule": key.rule_id, "subject": one_line(masked(key.subject_arn), _SENTENCE)}
            for key in entry.intention.findings
        ],
        "diff": change_rows(entry.intention.change),
    }
