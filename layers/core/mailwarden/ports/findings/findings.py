"""Every finding with its state, and what was announced of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import Subject


class Findings(Protocol):
    """Keeps findings."""

    def seen_from(self, subject: Subject, *, anew: bool = False, asks: Sequence[FindingKey] = ()) -> "Findings":
        """The same findings for a look from *subject*: each record says whether it affects *subject*.

        *anew*: what was read before does not count, because another look at *subject* may have come in between.
        *asks*: the findings that the look is about to change, which may be read together now.
        """
        ...

    def read(self, key: FindingKey) -> FindingRecord | None:
        """One finding's record with the first affected pools, at least fifty if there are so many."""
        ...

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        """Keep the record that *change* makes of the stored one (None: there is none); the record afterwards.

        If *change* returns None, the stored record stays. If another process writes meanwhile, *change* is called again
        with the newer record: it must be pure. Of the announced versions the newer ones stay. Of the affected pools
        *change* sees some, and with ``seen_from`` that one; it may add and remove those that it sees.
        """
        ...

    def awaiting_announcement(self, *, now: datetime) -> Iterable[FindingRecord]:
        """Records with a version that was not handed over for some channel and whose waiting time is over."""
        ...

    def mark_announced(self, key: FindingKey, *, channels: Iterable[str], version: int) -> None:
        """Remember that *version* was handed over for *channels*; never goes back to an older one."""
        ...

    def open_by_severity(self) -> Mapping[Severity, int]:
        """How many findings are open, for every severity; changes of the last moments may be missing."""
        ...
