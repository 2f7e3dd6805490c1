"""Incidents in memory."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailwarden.domain.incidents.chat_thread import ChatThread
from mailwarden.domain.incidents.folding import MemberChange
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.listing import StoredIncidents
from mailwarden.domain.incidents.share import Burst, Member
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.root_causes import RootCause, SameCalls
from tests.fakes.ledger.roles import CHANNELS

_ENDS = {"repaired": 1, "resolved": 2, "gone": 3, "moved": 4, "exempt": 5, "silent": 6}


@dataclass(slots=True, kw_only=True)
class InMemoryIncidents:
    """Implements ``Incidents``."""

    channels: tuple[str, ...] = CHANNELS
    held: dict[RootCause, Incident] = field(default_factory=dict)
    of_findings: dict[FindingKey, Member] = field(default_factory=dict)
    rows: dict[tuple[RootCause, int, FindingKey], Member] = field(default_factory=dict)

    def read(self, cause: RootCause) -> Incident | None:
        return self.held.get(cause)

    def member(self, key: FindingKey) -> Member | None:
        return self.of_findings.get(key)

    def store(self, incident: Incident, changes: Sequence[MemberChange] = (), *, left: Incident | None = None) -> bool:
        kept = [incident, *([] if left is None else [left])]
        if any(self._revision(each.cause) != each.revision - 1 for each in kept):
            return False
        self.held.update({each.cause: each for each in kept})
        for change in changes:
            before = change.before
            if before is not None and before.share.is_open:
                self.rows.pop(_row(before), None)
            for member in (change.after, change.left):
                if member is not None:
                    self.rows[_row(member)] = member
            self.of_findings[change.after.key] = change.after
        return True

    def members(self, incident: Incident, *, is_open: bool, most: int) -> tuple[Member, ...]:
        inside = [
            member
            for member in self.rows.values()
            if member.cause == incident.cause
            and member.generation == incident.generation
            and member.share.is_open is is_open
        ]
        return tuple(sorted(inside, key=_order)[:most])

    def due(self, *, now: datetime) -> Iterable[RootCause]:
        return [
            cause
            for cause, incident in self.held.items()
            if incident.is_behind(self.channels) or (incident.attention is not None and incident.attention <= now)
        ]

    def mark_announced(self, cause: RootCause, *, channel: str, version: int) -> None:
        incident = self.held[cause]
        newest = max(version, incident.announced.get(channel, 0))
        announced = {**incident.announced, channel: newest}
        self.held[cause] = replace(incident, announced=announced, revision=incident.revision + 1)

    def _revision(self, cause: RootCause) -> int:
        return self.held[cause].revision if cause in self.held else 0


@dataclass(slots=True, kw_only=True)
class InMemoryIncidentList:
    """Implements ``IncidentList`` over the incidents of a ledger."""

    incidents: InMemoryIncidents

    def open(self, *, most: int) -> StoredIncidents:
        return _some([each for each in self.incidents.held.values() if self._may_be_due(each)], most)

    def ended(self, *, most: int) -> StoredIncidents:
        over = [each for each in self.incidents.held.values() if not self._may_be_due(each)]
        return _some(sorted(over, key=lambda each: each.changed_at, reverse=True), most)

    def _may_be_due(self, incident: Incident) -> bool:
        return incident.attention is not None or incident.is_behind(self.incidents.channels)


def _some(incidents: Sequence[Incident], most: int) -> StoredIncidents:
    return StoredIncidents(incidents=tuple(incidents[:most]), unread=0, is_complete=len(incidents) <= most)


@dataclass(slots=True, kw_only=True)
class InMemoryBursts:
    """Implements ``Bursts``; nothing is ever long ago here."""

    counted: Counter[SameCalls] = field(default_factory=Counter)

    def join(self, burst: Burst) -> int:
        self.counted[burst.calls] += 1
        return self.counted[burst.calls]

    def leave(self, burst: Burst) -> None:
        self.counted[burst.calls] -= 1


@dataclass(slots=True, kw_only=True)
class InMemoryIncidentLeases:
    """Implements ``IncidentLeases``."""

    held: dict[RootCause, datetime] = field(default_factory=dict)

    def acquire(self, cause: RootCause, *, now: datetime, until: datetime) -> bool:
        if self.held.get(cause, now) > now:
            return False
        self.held[cause] = until
        return True

    def release(self, cause: RootCause) -> None:
        self.held.pop(cause, None)


def _row(member: Member) -> tuple[RootCause, int, FindingKey]:
    return member.cause, member.generation, member.key


def _order(member: Member) -> tuple[int, str, str]:
    share = member.share
    return (-int(share.rank) if share.is_open else _ENDS[share.end], member.key.rule_id, member.key.subject_arn)


@dataclass(slots=True, kw_only=True)
class InMemoryChatThreads:
    """Implements ``ChatThreads``; nothing expires here."""

    held: dict[str, ChatThread] = field(default_factory=dict)

    def find(self, incident: str) -> ChatThread | None:
        return self.held.get(incident)

    def store(self, thread: ChatThread, *, replaces: ChatThread | None, now: datetime) -> bool:
        del now
        if self.held.get(thread.incident) != replaces:
            return False
        self.held[thread.incident] = thread
        return True
