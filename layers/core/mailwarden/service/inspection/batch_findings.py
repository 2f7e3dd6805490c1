"""Reads a finding that pools share once in a batch, for the looks at the pools that it is known to affect."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import Subject, SubjectKind, kind_of, subject_from_arn
from mailwarden.ports.findings.findings import Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFindings:
    """Implements ``Findings`` for the looks of one batch.

    A look at *about* that changes nothing of the record that the batch read leaves the item unread, if that record
    holds *about*. A record without it proves nothing: it may be stored apart, or another process may have added it.
    """

    below: Findings
    about: str | None = None
    _shared: dict[FindingKey, FindingRecord] = field(default_factory=dict)

    def seen_from(self, subject: Subject, *, anew: bool = False, asks: Sequence[FindingKey] = ()) -> "BatchFindings":
        """The same findings, and the same records of the batch, for a look from *subject*."""
        unread = [key for key in asks if anew or not self._holds(key, subject.arn)]
        return replace(self, below=self.below.seen_from(subject, asks=unread), about=None if anew else subject.arn)

    def read(self, key: FindingKey) -> FindingRecord | None:
        """One finding's record, as it is stored now."""
        return self.below.read(key)

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        """Keep the record that *change* makes of the stored one; the record afterwards."""
        if self.about is not None and self._holds(key, self.about) and change(self._shared[key]) is None:
            return self._shared[key]
        record = self.below.update(key, change)
        if record is not None and kind_of(subject_from_arn(key.subject_arn)) is not SubjectKind.POOL:
            self._shared[key] = record
        return record

    def _holds(self, key: FindingKey, about: str) -> bool:
        known = self._shared.get(key)
        return known is not None and about in known.lifecycle.affected

    def awaiting_announcement(self, *, now: datetime) -> Iterable[FindingRecord]:
        """Records with a version that was not sent to some channel."""
        return self.below.awaiting_announcement(now=now)

    def mark_announced(self, key: FindingKey, *, channels: Iterable[str], version: int) -> None:
        """Remember that *version* was sent to *channel*."""
        self.below.mark_announced(key, channels=channels, version=version)

    def open_by_severity(self) -> Mapping[Severity, int]:
        """How many findings are open, for every severity."""
        return self.below.open_by_severity()
