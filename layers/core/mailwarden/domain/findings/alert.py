"""An alert: one state change of one finding, as it is told on every channel."""

import hashlib
from dataclasses import dataclass

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.finding_key import FindingKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A finding's record at the version that is to be told.

    ``alert_id`` is the same for the same version of the same finding: a duplicate can be recognized by it.
    """

    alert_id: str
    record: FindingRecord

    @property
    def key(self) -> FindingKey:
        """Which finding it is about."""
        return self.record.key


def alert_of(record: FindingRecord) -> Alert:
    """The alert for the current version of a record."""
    identity = f"{record.finding.subject.arn}|{record.finding.rule_id}|{record.lifecycle.version}"
    return Alert(alert_id=hashlib.sha256(identity.encode()).hexdigest()[:32], record=record)
