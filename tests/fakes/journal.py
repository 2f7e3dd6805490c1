"""The journal in memory: entries are put once, as in the table."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.operator.journal_question import FoundEntries
from mailwarden.domain.repair.journal import Entry, Intention, WriteOutcome, Written


class AlreadyWritten(ValueError):
    """An entry was to be put a second time."""


class ConcludedOtherwise(ValueError):
    """An entry was to be concluded with another outcome."""


class NotIntended(LookupError):
    """An outcome was to be put for an entry that has no intention."""


@dataclass(slots=True, kw_only=True)
class InMemoryJournal:
    """Implements ``Journal``."""

    intentions: dict[str, Intention] = field(default_factory=dict)
    outcomes: dict[str, tuple[WriteOutcome, datetime]] = field(default_factory=dict)

    def intend(self, intention: Intention) -> None:
        if intention.entry_id in self.intentions:
            raise AlreadyWritten(f"INTENTION of entry {intention.entry_id} is there already")
        self.intentions[intention.entry_id] = intention

    def conclude(self, entry_id: str, outcome: WriteOutcome, *, at: datetime) -> None:
        if entry_id not in self.intentions:
            raise NotIntended(f"entry {entry_id} has no intention")
        if entry_id in self.outcomes:
            if type(self.outcomes[entry_id][0]) is not type(outcome):
                raise ConcludedOtherwise(f"OUTCOME of entry {entry_id} is there already, and it is not {outcome}")
            return
        self.outcomes[entry_id] = (outcome, at)

    def entry(self, entry_id: str) -> Entry | None:
        if entry_id not in self.intentions:
            return None
        outcome, at = self.outcomes.get(entry_id, (None, None))
        undone_by = next((each for each in self.intentions if self._undid(each, entry_id)), None)
        return Entry(intention=self.intentions[entry_id], outcome=outcome, concluded_at=at, undone_by=undone_by)

    def entries_on(self, resource: str, *, since: datetime) -> tuple[Entry, ...]:
        found = (self.entry(entry_id) for entry_id, each in self.intentions.items() if each.resource == resource)
        return tuple(entry for entry in found if entry is not None and entry.intention.at >= since)

    def _undid(self, entry_id: str, undone: str) -> bool:
        outcome = self.outcomes.get(entry_id)
        return self.intentions[entry_id].undoes == undone and outcome is not None and isinstance(outcome[0], Written)


@dataclass(slots=True, kw_only=True)
class InMemoryJournalEntries:
    """Implements ``JournalEntries`` over a journal."""

    journal: InMemoryJournal

    def entry(self, entry_id: str) -> Entry | None:
        return self.journal.entry(entry_id)

    def latest(
        self, *, since: datetime, until: datetime, most: int, wanted: Callable[[Intention], bool]
    ) -> FoundEntries:
        found = [each for each in self.journal.intentions.values() if since <= each.at <= until and wanted(each)]
        in_turn = sorted(found, key=lambda each: each.at, reverse=True)
        entries = (self.journal.entry(each.entry_id) for each in in_turn[:most])
        return FoundEntries(
            entries=tuple(entry for entry in entries if entry is not None), is_complete=len(found) <= most
        )

    def latest_on(
        self,
        resources: Collection[str],
        *,
        since: datetime,
        until: datetime,
        most: int,
        wanted: Callable[[Intention], bool],
    ) -> FoundEntries:
        return self.latest(
            since=since, until=until, most=most, wanted=lambda each: each.resource in resources and wanted(each)
        )
