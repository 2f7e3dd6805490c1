"""What is known of a finding beyond the look: its source with snippets for it, and its record in the ledger."""

from typing import Protocol

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.repair.source import source_in
from mailwarden.message import Argument, Message
from mailwarden.presentation.snippets.snippets import snippets_of_finding

_SENTENCE = 800


class Bounded(Protocol):
    """Makes a text fit to be shown, at most *longest* characters of it."""

    def __call__(self, said: Argument, longest: int = _SENTENCE) -> str:
        """The text."""
        ...


def source_document(reason: Message, finding: Finding, shown: Bounded) -> JsonDocument:
    """Why the change belongs into the source, and the code for it, the likeliest language first."""
    source = source_in(reason)
    snippets = () if source is None else snippets_of_finding(finding, source)
    return {
        "because": shown(reason),
        "snippets": [{"form": snippet.form.value, "code": snippet.code} for snippet in snippets],
    }


def record_document(record: FindingRecord, shown: Bounded) -> JsonDocument:
    """What the alerts about the finding say: what was done about it, and why."""
    write = record.write
    return {
        "state": record.lifecycle.state.value,
        "since": record.lifecycle.opened_at.isoformat(timespec="seconds"),
        "alerted": record.lifecycle.was_announced,
        "handling": write.handling.value,
        "because": None if write.reason is None else shown(write.reason),
        "undo_id": write.undo_id,
    }
