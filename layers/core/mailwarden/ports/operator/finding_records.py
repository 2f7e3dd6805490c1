"""The records of findings, for those who only read."""

from typing import Protocol

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef, Subject


class FindingRecords(Protocol):
    """Reads the records of findings."""

    def read(self, key: FindingKey) -> FindingRecord | None:
        """One finding's record with the first affected pools; None if no look recorded it."""
        ...


class SubjectFindings(Protocol):
    """Reads the records of all findings about one subject."""

    def about(self, subject: Subject, *, affecting: PoolRef, most: int) -> tuple[FindingRecord, ...]:
        """At most *most* records in the order of their rules; each has *affecting* if the finding affects that pool.

        A record that cannot be read is left out, and logged.
        """
        ...
