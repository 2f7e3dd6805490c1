"""The ledger of an audit: it holds nothing, it stores nothing, and a listed pool exists."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.overlap import OtherCall, ResourceWrites, StoredWindow
from mailwarden.domain.monitoring.fights import Direction, WriteHistory
from mailwarden.domain.operator.suppressed_address import SuppressionReading
from mailwarden.domain.readings import OwnReason, Unreadable
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef, SesAccountRef, Subject
from mailwarden.domain.repair.limits import Stop
from mailwarden.domain.reputation.feedback import MailCounts
from mailwarden.domain.reputation.mail_events import CountedEvent, PoolRoute
from mailwarden.ports.mail_path.pool_records import PoolRecord


class NoRecords:
    """Implements ``PoolRecords``."""

    def read(self, pool: PoolRef) -> PoolRecord:  # noqa: ARG002 - of no pool is anything known
        """No earlier look, no failure."""
        return PoolRecord(last_look=None, failures=None)


class NoLooks:
    """Implements ``Looks``."""

    def last(self, pool: PoolRef) -> LookRecord | None:  # noqa: ARG002 - as above
        """None."""
        return None

    def last_of(self, pools: Collection[PoolRef]) -> Mapping[PoolRef, LookRecord]:  # noqa: ARG002 - as above
        """None of them."""
        return {}

    def replace(self, last: LookRecord | None, look: LookRecord) -> bool:  # noqa: ARG002 - nothing is stored
        """Store nothing."""
        return False

    def put(self, look: LookRecord) -> bool:  # noqa: ARG002 - as above
        """Store nothing."""
        return False

    def forget(self, pool: PoolRef, *, at: datetime) -> None:
        """There is nothing to forget."""


class NoFindings:
    """Implements ``FindingRecords``."""

    def read(self, key: FindingKey) -> FindingRecord | None:  # noqa: ARG002 - no look recorded any
        """None."""
        return None


class NoCounts:
    """Implements ``MailCounters``."""

    def count(self, events: Sequence[CountedEvent], *, now: datetime) -> frozenset[str]:  # noqa: ARG002 - as above
        """Count nothing."""
        return frozenset()

    def since(self, subject: Subject, first: date) -> MailCounts:  # noqa: ARG002 - as above
        """No mail."""
        return MailCounts(since=first, by_outcome={})

    def via(self, route: PoolRoute, *, since: datetime, until: datetime) -> MailCounts:  # noqa: ARG002 - as above
        """No mail."""
        return MailCounts(since=since.date(), by_outcome={})


class NoWindows:
    """Implements ``WriteWindows``."""

    def put(self, window: StoredWindow) -> None:
        """Store nothing."""

    def drop(self, window: StoredWindow) -> None:
        """There is nothing to drop."""

    def note(self, other: OtherCall) -> None:
        """Store nothing."""

    def of(self, resource: str) -> ResourceWrites:  # noqa: ARG002 - an audit wrote nothing
        """No write."""
        return ResourceWrites()


class NoHistories:
    """Implements ``WriteHistories``."""

    def of(self, pool: PoolRef, resource: str, direction: Direction) -> WriteHistory | None:  # noqa: ARG002 - as above
        """No write."""
        return None

    def all_of(self, pool: PoolRef) -> tuple[WriteHistory, ...]:  # noqa: ARG002 - as above
        """No write."""
        return ()

    def of_role(self, pool: PoolRef) -> WriteHistory | None:  # noqa: ARG002 - as above
        """No write."""
        return None

    def put(self, pool: PoolRef, history: WriteHistory) -> None:
        """Store nothing."""


class NoStop:
    """Implements ``StopSwitch``: without a deployment there is no stop."""

    def current(self) -> Stop | None:
        """None."""
        return None

    def stop(self, *, by: str, now: datetime) -> None:
        """There is nothing to stop."""

    def start(self) -> None:
        """There is nothing to start."""


class NoSuppressionLists:
    """Implements ``SuppressedAddresses``: an audit asks about no address."""

    def read(self, account: SesAccountRef, address: str) -> SuppressionReading:  # noqa: ARG002 - no list is read
        """Not read."""
        return Unreadable(action="ses:GetSuppressedDestination", region=account.region, reason=OwnReason.NOT_READ)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPools:
    """Implements ``KnownPools`` with the pools that the audit listed; ``listed_at`` is the time, by region."""

    pools: frozenset[PoolRef]
    listed_at: Mapping[str, datetime]

    def alive(self, pools: frozenset[PoolRef]) -> frozenset[PoolRef]:
        """Those of *pools* that were listed."""
        return pools & self.pools

    def gone(self, pools: frozenset[PoolRef]) -> Mapping[PoolRef, datetime]:  # noqa: ARG002 - AWS is asked
        """None: AWS is asked."""
        return {}

    def remember_gone(self, pool: PoolRef, *, at: datetime) -> None:
        """Store nothing."""

    def swept_at(self, region: str) -> datetime | None:
        """When all pools of a region were listed; None where they could not be."""
        return self.listed_at.get(region)

    def mark_swept(self, region: str, *, at: datetime) -> None:
        """Store nothing."""
