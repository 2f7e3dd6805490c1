"""The append-only record of every write."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.repair.journal import Entry, Intention, WriteOutcome


class Journal(Protocol):
    """Keeps what was about to be written, and what came of it."""

    def intend(self, intention: Intention) -> None:
        """Put the intention, once."""
        ...

    def conclude(self, entry_id: str, outcome: WriteOutcome, *, at: datetime) -> None:
        """Put the outcome, once, apart from the intention; an undo that was written is noted at what it undid.

        The same kind of outcome again changes nothing; another one raises an error.
        """
        ...

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of an id; None if there is none."""
        ...

    def entries_on(self, resource: str, *, since: datetime) -> tuple[Entry, ...]:
        """The entries of a resource since then, the oldest first. Those of the last second may be missing."""
        ...
