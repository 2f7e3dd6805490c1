"""Suppression lists and what is remembered of removals, in memory; they can be told to die at a step."""

from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.changes import RemoveSuppression
from mailwarden.domain.operator.suppressed_address import NotSuppressed, SuppressedEntry, SuppressionReading
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import Drifted, WriteResult, Written
from mailwarden.message import verbatim
from tests.builders import NOON


class Died(RuntimeError):
    """The function ended here, as by its time-out."""


def an_entry(reason: str = "BOUNCE", *, since: datetime = NOON) -> SuppressedEntry:
    """An entry of a suppression list."""
    return SuppressedEntry(reason=reason, since=since, message_id="0100-message", feedback_id="0100-feedback")


@dataclass(slots=True, kw_only=True)
class HeldSuppressionLists:
    """Implements ``SuppressionRemover`` by region and address.

    ``answer`` overrules a removal, ``before`` happens just before one; ``asked`` are the regions that were read.
    """

    held: dict[tuple[str, str], SuppressedEntry] = field(default_factory=dict)
    refused: Unreadable | None = None
    answer: WriteResult | None = None
    dies_before_removing: bool = False
    dies_after_removing: bool = False
    asked: list[str] = field(default_factory=list)
    removed: list[RemoveSuppression] = field(default_factory=list)

    def read(self, account: SesAccountRef, address: str) -> SuppressionReading:
        self.asked.append(account.region)
        if self.refused is not None:
            return self.refused
        return self.held.get((account.region, address), NotSuppressed())

    def remove(self, change: RemoveSuppression, address: str, *, entry_id: str) -> WriteResult:
        if self.dies_before_removing:
            raise Died
        if self.answer is not None:
            return self.answer
        found = self.held.get((change.account.region, address))
        if found is None or (found.reason, found.since) != (change.reason, change.since):
            return Drifted(reason=verbatim("somebody was faster"))
        del self.held[change.account.region, address]
        self.removed.append(change)
        if self.dies_after_removing:
            raise Died
        return Written(entry_id=entry_id)
