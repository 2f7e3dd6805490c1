"""Takes changed findings into their incidents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import batched

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.incidents.folding import MemberChange, fold, leave
from mailwarden.domain.incidents.grouping import ALONE, OF_SENDING_POLICIES, calls_of
from mailwarden.domain.incidents.holding import speak_while
from mailwarden.domain.incidents.share import Burst, Member, Share, root_cause_of, share_of
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.root_causes import OwnState, RootCause, SameCalls, SendingPolicies
from mailwarden.message import Message
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.incidents.bursts import Bursts
from mailwarden.ports.incidents.incidents import Incidents
from mailwarden.service.incidents.held_repairs import HeldRepairs

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
    nothing. An open finding is in one incident: of another root cause it leaves the one for the other, and both are
    stored together.
    """

    findings: Findings
    incidents: Incidents
    bursts: Bursts
    held: HeldRepairs
    channels: tuple[str, ...]
    clock: Clock

    def take_in(self, keys: Iterable[FindingKey]) -> TakenIn:
        """Take findings in; a finding that fails does not keep the others out."""
        worst: dict[RootCause, Severity] = {}
        failed: list[Exception] = []
        waiting = tuple(dict.fromkeys(keys))
        held = self.held.reason() if waiting else None
        for _ in range(_ATTEMPTS):
            by_cause = self._placed(waiting, failed, held)
            again: list[FindingKey] = []
            for cause, records in by_cause.items():
                worst[cause] = max(_worst(records), worst.get(cause, Severity.LOW))
                for some in batched(records, _TOGETHER, strict=False):
                    try:
                        again += self._fold(cause, some, held)
                        self._hand_over(placed for placed in some if placed.record.key not in again)
                    except Exception as error:  # noqa: BLE001 - raised below, when the others were taken in
                        failed.append(error)
            if not again:
                break
            waiting = tuple(again)
        else:
            failed.append(IncidentContention(", ".join(str(key) for key in waiting)))
        worst_first = sorted(worst, key=worst.__getitem__, reverse=True)
        return TakenIn(causes=tuple(worst_first), failed=tuple(failed))

    def _placed(
        self, keys: Iterable[FindingKey], failed: list[Exception], held: Message | None
    ) -> dict[RootCause, list["_Placed"]]:
        """Findings by the incident that they belong to now, after those that another cause explains have moved."""
        by_cause: dict[RootCause, list[_Placed]] = {}
        for key in keys:
            try:
                record = self.findings.read(key)
                if record is None:
                    continue
                left = self._move(record, held)
                cause, burst = self._place_of(record)
                for each in (cause, *left):
                    by_cause.setdefault(each, [])
                by_cause[cause].append(_Placed(record=record, burst=burst))
            except Exception as error:  # noqa: BLE001 - raised by the caller, when the others were taken in
                failed.append(error)
        return by_cause

    def _move(self, record: FindingRecord, held: Message | None) -> tuple[RootCause, ...]:
        """Move an open finding that another cause explains now to the other's incident; the cause that it left."""
        cause = root_cause_of(record.finding)
        for _ in range(_ATTEMPTS):
            member = self.incidents.member(record.key)
            is_open = member is not None and member.share.is_open and record.lifecycle.state is FindingState.OPEN
            if member is None or not is_open or _explains(member.cause, cause):
                return ()
            now, share = self.clock.now(), share_of(record, channels=self.channels, known=member.share)
            # It is news there: the messages of the incident that it leaves do not name the other cause.
            share = replace(share, is_news=True)
            siblings = self._siblings(cause, [record.key])
            folded = fold(self.incidents.read(cause), cause, {record.key: (member, share)}, at=now, siblings=siblings)
            if folded is None:
                return ()
            old, left, row = self.incidents.read(member.cause), None, None
            if old is not None and old.generation == member.generation:
                left, row = leave(old, member, at=now, siblings=self._siblings(member.cause, [record.key]))
                left = speak_while(left, held, now=now) or left
            changes = [change.leaving(row) for change in folded.changes]
            said = speak_while(folded.incident, held, now=now) or folded.incident
            if self.incidents.store(said, changes, left=left):
                if member.share.burst is not None:
                    self.bursts.leave(member.share.burst)
                return (member.cause,)
        raise IncidentContention(str(cause))

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

    def _fold(self, cause: RootCause, records: Sequence["_Placed"], held: Message | None) -> list[FindingKey]:
        """Store the shares of findings in an incident; those that another process took into another one meanwhile."""
        for _ in range(_ATTEMPTS):
            now, incident = self.clock.now(), self.incidents.read(cause)
            shares: dict[FindingKey, tuple[Member | None, Share]] = {}
            elsewhere: list[FindingKey] = []
            for placed in records:
                member = self.incidents.member(placed.record.key)
                if member is not None and member.share.is_open and member.cause != cause:
                    elsewhere.append(placed.record.key)
                    continue
                known = None if member is None else member.share
                share = share_of(placed.record, channels=self.channels, known=known)
                shares[placed.record.key] = member, replace(share, burst=placed.burst if share.is_open else None)
            folded = fold(incident, cause, shares, at=now, siblings=self._siblings(cause, shares))
            if folded is None:
                return elsewhere
            said = speak_while(folded.incident, held, now=now) or folded.incident
            if self.incidents.store(said, folded.changes):
                for change in folded.changes:
                    self._leave(change)
                return elsewhere
        raise IncidentContention(str(cause))

    def _siblings(self, cause: RootCause, keys: Iterable[FindingKey]) -> dict[str, dict[str, Member]]:
        """The other findings about the pools of *keys* that the cause may explain, as they are in an incident."""
        if not isinstance(cause, SendingPolicies):
            return {}
        found: dict[str, dict[str, Member]] = {}
        for key in keys:
            for rule_id in OF_SENDING_POLICIES - {key.rule_id}:
                member = self.incidents.member(FindingKey(subject_arn=key.subject_arn, rule_id=rule_id))
                if member is not None:
                    found.setdefault(key.subject_arn, {})[rule_id] = member
        return found

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


def _explains(known: RootCause, cause: RootCause) -> bool:
    """Whether a finding of that root cause belongs into the incident that it is in."""
    return known == cause or (isinstance(known, SameCalls) and isinstance(cause, OwnState))


def _worst(records: Iterable[_Placed]) -> Severity:
    return max((placed.record.finding.severity for placed in records), default=Severity.LOW)
