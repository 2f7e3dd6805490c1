"""Every finding with its state, and what was announced of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingKey, FindingRecord


class Findings(Protocol):
    """Keeps findings."""

    def read(self, key: FindingKey) -> FindingRecord | None:
        """One finding's record."""
        ...

    def put(self, record: FindingRecord, *, replaces: int | None) -> bool:
        """Keep a record if the stored revision is *replaces* (None: there is none); False otherwise.

        Of the announced versions in *record* and in the ledger, the newer ones stay.
        """
        ...

    def awaiting_announcement(self, *, now: datetime) -> Iterable[FindingRecord]:
        """Records with a version that was not sent to some channel and whose waiting time is over."""
        ...

    def mark_announced(self, key: FindingKey, *, channel: str, version: int) -> None:
        """Remember that *version* was sent to *channel*; never goes back to an older one."""
        ...

    def open_by_severity(self) -> Mapping[Severity, int]:
        """How many findings are open, for every severity; changes of the last moments may be missing."""
        ...
