"""Findings, leases and budgets in memory."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.lifecycle import CHANNELS
from mailwarden.domain.findings.record import FindingKey, FindingRecord, FindingState
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message, message


@dataclass(slots=True, kw_only=True)
class InMemoryFindings:
    """Implements ``Findings``."""

    channels: Sequence[str] = CHANNELS
    held: dict[FindingKey, FindingRecord] = field(default_factory=dict)

    def read(self, key: FindingKey) -> FindingRecord | None:
        return self.held.get(key)

    def put(self, record: FindingRecord, *, replaces: int | None) -> bool:
        key = FindingKey(subject_arn=record.subject.arn, rule_id=record.rule_id)
        current = self.held.get(key)
        if (None if current is None else current.revision) != replaces:
            return False
        known = {} if current is None else current.announced
        self.held[key] = replace(record, announced=_newest(known, record.announced))
        return True

    def awaiting_announcement(self, *, now: datetime) -> Iterable[FindingRecord]:
        due = [record for record in self.held.values() if self._awaits(record) and record.announce_after <= now]
        return sorted(due, key=lambda record: record.announce_after)

    def open_by_severity(self) -> Mapping[Severity, int]:
        is_open = [record for record in self.held.values() if record.state is FindingState.OPEN]
        return {severity: sum(record.severity is severity for record in is_open) for severity in Severity}

    def mark_announced(self, key: FindingKey, *, channel: str, version: int) -> None:
        current = self.held.get(key)
        if current is not None:
            self.held[key] = replace(current, announced=_newest(current.announced, {channel: version}))

    def _awaits(self, record: FindingRecord) -> bool:
        return any(record.announced.get(channel, 0) < record.version for channel in self.channels)


@dataclass(slots=True, kw_only=True)
class InMemoryLeases:
    """Implements ``AnnouncementLeases``."""

    held: dict[FindingKey, datetime] = field(default_factory=dict)

    def acquire(self, key: FindingKey, *, now: datetime, until: datetime) -> bool:
        if self.held.get(key, now) > now:
            return False
        self.held[key] = until
        return True

    def release(self, key: FindingKey) -> None:
        self.held.pop(key, None)


@dataclass(slots=True, kw_only=True)
class InMemoryBudgets:
    """Implements ``RepairBudgets``."""

    taken: Counter[tuple[str, datetime]] = field(default_factory=Counter)

    def take(self, pool: PoolRef, *, now: datetime, per_account: int, per_pool: int) -> Message | None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self.taken[pool.account, hour] >= per_account:
            return message("budget.account-spent", limit=per_account)
        if self.taken[pool.arn, hour] >= per_pool:
            return message("budget.pool-spent", limit=per_pool)
        self.taken[pool.account, hour] += 1
        self.taken[pool.arn, hour] += 1
        return None

    def give_back(self, pool: PoolRef, *, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        for name in (pool.account, pool.arn):
            self.taken[name, hour] = max(0, self.taken[name, hour] - 1)


def _newest(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return {channel: max(left.get(channel, 0), right.get(channel, 0)) for channel in {**left, **right}}
