"""The records of findings, for those who only read."""

from typing import Protocol

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.finding_key import FindingKey


class FindingRecords(Protocol):
    """Reads the records of findings."""

    def read(self, key: FindingKey) -> FindingRecord | None:
        """One finding's record with the first affected pools; None if no look recorded it."""
        ...
