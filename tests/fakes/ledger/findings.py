"""Findings, leases and budgets in memory."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from mailwarden.domain.findings.changes import CreateServiceLinkedRole
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.monitoring.fights import Direction, WriteHistory
from mailwarden.domain.monitoring.monitoring import BudgetQueue
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.domain.repair.limits import Stop
from mailwarden.message import Message, message
from tests.fakes.ledger.roles import CHANNELS
from tests.fakes.records import changed


@dataclass(slots=True, kw_only=True)
class InMemoryFindings:
    """Implements ``Findings``, ``FindingRecords`` and ``SubjectFindings``."""

    channels: Sequence[str] = CHANNELS
    held: dict[FindingKey, FindingRecord] = field(default_factory=dict)

    def seen_from(self, subject: Subject, *, anew: bool = False, asks: Sequence[FindingKey] = ()) -> Self:  # noqa: ARG002 - every record holds every pool here
        return self

    def read(self, key: FindingKey) -> FindingRecord | None:
        return self.held.get(key)

    def about(self, subject: Subject, *, affecting: PoolRef, most: int) -> tuple[FindingRecord, ...]:
        del affecting
        found = [record for key, record in self.held.items() if key.subject_arn == subject.arn]
        return tuple(sorted(found, key=lambda record: record.key.rule_id)[:most])

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        while True:
            stored = self.held.get(key)
            updated = change(stored)
            if updated is None:
                return stored
            if self.held.get(key) is stored:
                known = {} if stored is None else stored.lifecycle.announced
                self.held[key] = changed(updated, announced=_newest(known, updated.lifecycle.announced))
                return self.held[key]

    def awaiting_announcement(self, *, now: datetime) -> Iterable[FindingRecord]:
        due = [
            record for record in self.held.values() if self._awaits(record) and record.lifecycle.announce_after <= now
        ]
        return sorted(due, key=lambda record: record.lifecycle.announce_after)

    def open_by_severity(self) -> Mapping[Severity, int]:
        is_open = [record for record in self.held.values() if record.lifecycle.state is FindingState.OPEN]
        return {severity: sum(record.finding.severity is severity for record in is_open) for severity in Severity}

    def mark_announced(self, key: FindingKey, *, channels: Iterable[str], version: int) -> None:
        current = self.held.get(key)
        if current is not None:
            told = dict.fromkeys(channels, version)
            self.held[key] = changed(current, announced=_newest(current.lifecycle.announced, told))

    def _awaits(self, record: FindingRecord) -> bool:
        return any(record.lifecycle.announced.get(channel, 0) < record.lifecycle.version for channel in self.channels)


@dataclass(slots=True, kw_only=True)
class InMemoryBudgets:
    """Implements ``RepairBudgets``."""

    taken: Counter[tuple[str, datetime]] = field(default_factory=Counter)
    charged: set[str] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)
    waits: dict[datetime, dict[PoolRef, datetime]] = field(default_factory=dict)
    limit: int = 0
    released: set[datetime] = field(default_factory=set)

    def spent(
        self, pool: PoolRef, *, cause_id: str | None, now: datetime, per_account: int, per_pool: int
    ) -> Message | None:
        hour = _hour(now)
        if self.taken[pool.arn, hour] >= per_pool:
            return message("budget.pool-spent", limit=per_pool)
        if self.taken[pool.account, hour] < per_account or cause_id in self.causes or hour in self.released:
            return None
        return message("budget.account-spent", limit=per_account)

    def charge(self, pool: PoolRef, *, entry_id: str, cause_id: str | None, at: datetime) -> None:
        if entry_id in self.charged:
            return
        self.taken[pool.arn, _hour(at)] += 1
        if cause_id is None or cause_id not in self.causes:
            self.taken[pool.account, _hour(at)] += 1
        self.charged.add(entry_id)
        if cause_id is not None:
            self.causes.add(cause_id)

    def wait(self, pool: PoolRef, *, limit: int, now: datetime) -> None:
        self.limit = limit
        self.waits.setdefault(_hour(now), {}).setdefault(pool, now)

    def waiting(self, account: str, *, now: datetime) -> BudgetQueue | None:
        del account
        this, last = _hour(now), _hour(now) - timedelta(hours=1)
        if this in self.released:
            return None
        queues = [self._waited_in(hour) for hour in (this, last)]
        if queues[0] is not None:
            return queues[0] if queues[1] is None else replace(queues[0], since=queues[1].since)
        return queues[1] if now - this < timedelta(minutes=20) else None

    def _waited_in(self, hour: datetime) -> BudgetQueue | None:
        pools = self.waits.get(hour)
        if pools is None:
            return None
        return BudgetQueue(
            number=len(pools), limit=self.limit, since=min(pools.values()), goes_on_at=hour + timedelta(hours=1)
        )

    def release(self, account: str, *, now: datetime) -> None:
        del account
        self.released.add(_hour(now))


@dataclass(slots=True)
class InMemoryStopSwitch:
    """Implements ``StopSwitch``."""

    held: Stop | None = None

    def current(self) -> Stop | None:
        return self.held

    def stop(self, *, by: str, now: datetime) -> None:
        self.held = self.held or Stop(by=by, since=now)

    def start(self) -> None:
        self.held = None


@dataclass(slots=True, kw_only=True)
class InMemoryWriteHistories:
    """Implements ``WriteHistories``."""

    held: dict[tuple[str, str, Direction], WriteHistory] = field(default_factory=dict)

    def of(self, pool: PoolRef, resource: str, direction: Direction) -> WriteHistory | None:
        return self.held.get(("" if direction is Direction.CREATE else pool.arn, resource, direction))

    def put(self, pool: PoolRef, history: WriteHistory) -> None:
        owner = "" if history.direction is Direction.CREATE else pool.arn
        self.held[owner, history.resource, history.direction] = history

    def of_role(self, pool: PoolRef) -> WriteHistory | None:
        role = CreateServiceLinkedRole(partition=pool.partition, account=pool.account)
        return self.of(pool, role.resource, Direction.CREATE)

    def own_of(self, pool: PoolRef) -> tuple[WriteHistory, ...]:
        """Those that are with the items of the pool."""
        return tuple(history for (owner, _, _), history in self.held.items() if owner == pool.arn)

    def all_of(self, pool: PoolRef) -> tuple[WriteHistory, ...]:
        of_role = self.of_role(pool)
        return self.own_of(pool) if of_role is None else (*self.own_of(pool), of_role)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _newest(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return {channel: max(left.get(channel, 0), right.get(channel, 0)) for channel in {**left, **right}}
