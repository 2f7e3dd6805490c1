"""Takes changed findings into their incidents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import batched

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.incidents.folding import MemberChange, fold
from mailwarden.domain.incidents.grouping import ALONE, calls_of
from mailwarden.domain.incidents.share import Burst, Member, Share, root_cause_of, share_of
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
class TakenIn:
    """The incidents that findings were taken into, each once, the worst first, and the errors of the others."""

    causes: tuple[RootCause, ...]
    failed: tuple[Exception, ...]


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

    def take_in(self, keys: Iterable[FindingKey]) -> TakenIn:
        """Take findings in; a finding that fails does not keep the others out."""
        by_cause: dict[RootCause, list[_Placed]] = {}
        failed: list[Exception] = []
        for key in dict.fromkeys(keys):
            try:
                record = self.findings.read(key)
                if record is not None:
                    cause, burst = self._place_of(record)
                    by_cause.setdefault(cause, []).append(_Placed(record=record, burst=burst))
            except Exception as error:  # noqa: BLE001 - raised below, when the others were taken in
                failed.append(error)
        for cause, records in by_cause.items():
            for some in batched(records, _TOGETHER, strict=False):
                try:
                    self._fold(cause, some)
                    self._hand_over(some)
                except Exception as error:  # noqa: BLE001 - raised below, when the others were taken in
                    failed.append(error)
        worst_first = sorted(by_cause, key=lambda cause: _worst(by_cause[cause]), reverse=True)
        return TakenIn(causes=tuple(worst_first), failed=tuple(failed))

    def _place_of(self, record: FindingRecord) -> tuple[RootCause, Burst | None]:
        """The root cause of the incident that a finding belongs to, and the count that it is in by its calls."""
        member, cause = self.incidents.member(record.key), root_cause_of(record.finding)
        if member is not None and (member.share.is_open or member.share.version == record.lifecycle.version):
            return member.cause, member.share.burst
        if record.lifecycle.is_over:
            return (cause if member is None else member.cause), None
        calls = calls_of(record, cause)
        if calls is None or not self._is_awaiting(record):
            return cause, None
        burst = Burst(calls=calls, since=self.clock.now())
        return (calls if self.bursts.join(burst) > ALONE else cause), burst

    def _fold(self, cause: RootCause, records: Sequence["_Placed"]) -> None:
        for _ in range(_ATTEMPTS):
            now, incident = self.clock.now(), self.incidents.read(cause)
            shares: dict[FindingKey, tuple[Member | None, Share]] = {}
            for placed in records:
                member = self.incidents.member(placed.record.key)
                known = None if member is None else member.share
                share = share_of(placed.record, channels=self.channels, known=known)
                shares[placed.record.key] = member, replace(share, burst=placed.burst if share.is_open else None)
            folded = fold(incident, cause, shares, at=now)
            if folded is None:
                return
            said = speak(folded.incident, now=now) or folded.incident
            if self.incidents.store(said, folded.changes):
                for change in folded.changes:
                    self._leave(change)
                return
        raise IncidentContention(str(cause))

    def _leave(self, change: MemberChange) -> None:
        burst = None if change.before is None else change.before.share.burst
        if burst is not None and change.after.share.end:
            self.bursts.leave(burst)

    def _hand_over(self, records: Iterable["_Placed"]) -> None:
        """Mark the findings whose announcement is due: from now on the messages of the incident are theirs."""
        now = self.clock.now()
        for record in (placed.record for placed in records):
            if self._is_awaiting(record) and record.lifecycle.announce_after <= now:
                self.findings.mark_announced(record.key, channels=self.channels, version=record.lifecycle.version)

    def _is_awaiting(self, record: FindingRecord) -> bool:
        announced = record.lifecycle.announced
        return any(announced.get(name, 0) < record.lifecycle.version for name in self.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A finding, and the count that it is in by its calls."""

    record: FindingRecord
    burst: Burst | None


def _worst(records: Iterable[_Placed]) -> Severity:
    return max(placed.record.finding.severity for placed in records)
