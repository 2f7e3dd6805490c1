"""The journal as people read it."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from mailwarden.domain.operator.journal_question import FoundEntries
from mailwarden.domain.repair.journal import Entry, Intention


class JournalEntries(Protocol):
    """Reads entries; nothing here can write one."""

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of an id; None if there is none."""
        ...

    def latest(
        self, *, since: datetime, until: datetime, most: int, wanted: Callable[[Intention], bool]
    ) -> FoundEntries:
        """At most *most* of the wanted entries between two times, the latest first.

        Only a limited number of entries is examined; those of the last second may be missing.
        """
        ...

    def latest_on(
        self,
        resources: Collection[str],
        *,
        since: datetime,
        until: datetime,
        most: int,
        wanted: Callable[[Intention], bool],
    ) -> FoundEntries:
        """The same, of the entries that wrote one of these resources."""
        ...
