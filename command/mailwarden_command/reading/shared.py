"""Shares the readings of a run between threads: each identity, account, set and role is read once."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import override

from mailwarden.domain.mail_path.named_pools import NamedPools
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.ports.clock import Clock
from mailwarden.ports.mail_path.pools import Pools
from mailwarden.service.inspection.batch_cache import RecentReadings
from mailwarden.service.monitoring.pool_existence import PoolExistence


@dataclass(slots=True)
class ReadingsOfRun(RecentReadings):
    """The readings of a run; a second thread that wants what is being read waits for the first one's reading."""

    _locks: dict[Hashable, Lock] = field(default_factory=dict)
    _of_locks: Lock = field(default_factory=Lock)

    @override
    def get[V](self, key: Hashable, read: Callable[[], V], *, since: datetime, clock: Clock) -> V:
        """The reading of a resource."""
        with self._of_locks:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            return RecentReadings.get(self, key, read, since=since, clock=clock)


@dataclass(slots=True, kw_only=True)
class ExistenceForThreads(PoolExistence):
    """The existence of named pools; one thread at a time."""

    _lock: Lock = field(default_factory=Lock)

    @override
    def anew(self) -> PoolExistence:
        """A run is one batch."""
        return self

    @override
    def about(
        self, named: frozenset[PoolRef], *, of: PoolRef, pools: Pools, at: datetime, fresh: bool = True
    ) -> NamedPools:
        """The existence of *named*."""
        with self._lock:
            return PoolExistence.about(self, named, of=of, pools=pools, at=at, fresh=fresh)
