"""Takes changed findings into their incidents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.incidents.folding import fold
from mailwarden.domain.incidents.grouping import ALONE, calls_of
from mailwarden.domain.incidents.share import Member, Share, root_cause_of, share_of
from mailwarden.domain.incidents.speaking import speak
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.root_causes import RootCause
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.incidents.bursts import Bursts
from mailwarden.ports.incidents.incidents import Incidents

_ATTEMPTS = 8
# A change is up to three items, and DynamoDB allows 100 in a transaction.
_TOGETHER = 30


class IncidentContention(RuntimeError):
    """Other processes changed the same incident at each attempt; a later retry may succeed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Brings findings into incidents; a finding whose message is due is the incident's from then on.

    The incident is stored first, and the finding marked after: a crash in between takes it in once more, which changes
    nothing. A finding stays in its incident while it is open there, even if a later look derives another root cause.
    """

    findings: Findings
    incidents: Incidents
    bursts: Bursts
    channels: tuple[str, ...]
    clock: Clock

    def take_in(self, keys: Iterable[FindingKey]) -> tuple[RootCause, ...]:
        """Take findings in; the incidents that they are in, each once. Raises IncidentContention."""
        by_cause: dict[RootCause, list[FindingRecord]] = {}
        for key in dict.fromkeys(keys):
            record = self.findings.read(key)
            if record is not None:
                by_cause.setdefault(self._cause_of(record), []).append(record)
        for cause, records in by_cause.items():
            for some in batched(records, _TOGETHER, strict=False):
                self._fold(cause, some)
        for record in (record for records in by_cause.values() for record in records):
            self._hand_over(record)
        return tuple(by_cause)

    def _cause_of(self, record: FindingRecord) -> RootCause:
        member, cause = self.incidents.member(record.key), root_cause_of(record.finding)
        if member is not None and (member.share.is_open or member.share.version == record.lifecycle.version):
            return member.cause
        if record.lifecycle.is_over:
            return cause if member is None else member.cause
        calls = calls_of(record, cause)
        if calls is None or not self._is_awaiting(record):
            return cause
        return calls if self.bursts.join(calls, at=self.clock.now()) > ALONE else cause

    def _fold(self, cause: RootCause, records: Sequence[FindingRecord]) -> None:
        for _ in range(_ATTEMPTS):
            now, incident = self.clock.now(), self.incidents.read(cause)
            shares: dict[FindingKey, tuple[Member | None, Share]] = {}
            for record in records:
                member = self.incidents.member(record.key)
                known = None if member is None else member.share
                shares[record.key] = member, share_of(record, channels=self.channels, known=known)
            folded = fold(incident, cause, shares, at=now)
            if folded is None:
                return
            said = speak(folded.incident, now=now) or folded.incident
            if self.incidents.store(said, folded.changes):
                return
        raise IncidentContention(str(cause))

    def _hand_over(self, record: FindingRecord) -> None:
        """The incident's word is due: from now on its messages are the finding's."""
        if not self._is_awaiting(record) or record.lifecycle.announce_after > self.clock.now():
            return
        self.findings.mark_announced(record.key, channels=self.channels, version=record.lifecycle.version)

    def _is_awaiting(self, record: FindingRecord) -> bool:
        announced = record.lifecycle.announced
        return any(announced.get(name, 0) < record.lifecycle.version for name in self.channels)
