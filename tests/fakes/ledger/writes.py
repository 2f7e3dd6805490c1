"""Leases of resources, and open findings by the resource that their fix writes, in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.ports.repair.resource_leases import ResourceLease
from tests.fakes.ledger.findings import InMemoryFindings


class LeaseLost(RuntimeError):
    """The lease ended, or another entry is open."""


@dataclass(slots=True, kw_only=True)
class InMemoryResourceLeases:
    """Implements ``ResourceLeases``; ``open_entries`` are the marks by resource."""

    held: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    open_entries: dict[str, str] = field(default_factory=dict)

    def acquire(self, resource: str, *, holder: str, now: datetime, until: datetime) -> ResourceLease | None:
        known, ends = self.held.get(resource, (holder, now))
        if known != holder and ends > now:
            return None
        self.held[resource] = (holder, until)
        return ResourceLease(resource=resource, holder=holder, open_entry=self.open_entries.get(resource))

    def mark(self, lease: ResourceLease) -> None:
        known, _ = self.held.get(lease.resource, ("", None))
        if known != lease.holder or self.open_entries.get(lease.resource, lease.holder) != lease.holder:
            raise LeaseLost(lease.resource)
        self.open_entries[lease.resource] = lease.holder

    def clear(self, lease: ResourceLease, entry_id: str) -> None:
        if self.open_entries.get(lease.resource) == entry_id:
            del self.open_entries[lease.resource]

    def release(self, lease: ResourceLease) -> None:
        known, _ = self.held.get(lease.resource, ("", None))
        if known == lease.holder:
            del self.held[lease.resource]


@dataclass(slots=True, kw_only=True)
class InMemoryWaitingOrders:
    """Implements ``WaitingOrders``."""

    held: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def claim(self, resource: str, *, by: str, now: datetime, until: datetime) -> bool:
        if resource in self.held and self.held[resource][1] > now:
            return False
        self.held[resource] = by, until
        return True

    def keep(self, resource: str, *, by: str, until: datetime) -> None:
        if resource in self.held and self.held[resource][0] == by:
            self.held[resource] = by, until

    def waits_until(self, resource: str) -> datetime | None:
        return self.held[resource][1] if resource in self.held else None

    def begin(self, resource: str) -> None:
        self.held.pop(resource, None)


@dataclass(slots=True, kw_only=True)
class ExpiredOrders(InMemoryWaitingOrders):
    """Marks whose time is over: each look orders again, as after hours in which repairs were stopped."""

    def claim(self, resource: str, *, by: str, now: datetime, until: datetime) -> bool:  # noqa: ARG002 - as the port
        self.held[resource] = by, now
        return True

    def waits_until(self, resource: str) -> datetime | None:  # noqa: ARG002 - of any resource
        return None


@dataclass(slots=True, kw_only=True)
class InMemoryOpenFixes:
    """Implements ``OpenFixes``."""

    findings: InMemoryFindings

    def on(self, resource: str, *, most: int) -> tuple[FindingKey, ...]:
        found = [record for record in self.findings.held.values() if _writes(record, resource)]
        return tuple(record.key for record in sorted(found, key=_turn))[:most]


def _writes(record: FindingRecord, resource: str) -> bool:
    proposed = record.write.proposed
    is_open = record.lifecycle.state is FindingState.OPEN
    return is_open and proposed is not None and proposed.resource == resource


def _turn(record: FindingRecord) -> tuple[bool, datetime]:
    return record.write.handling not in {Handling.PENDING, Handling.WRITING}, record.lifecycle.opened_at
