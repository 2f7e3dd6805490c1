"""Finds out whether the pools that sending policies name exist: from the ledger first, then rarely from AWS."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from mailwarden.domain.mail_path.named_pools import NamedPools
from mailwarden.domain.readings import Missing, Pool, Unreadable
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message, message
from mailwarden.ports.mail_path.pools import Pools
from mailwarden.ports.monitoring.known_pools import KnownPools

# With one more pool a look stays within seven reads; the answer is stored, and the next look asks about another pool.
_MOST_ASKED = 1
# Cognito assigns random ids, so a deleted pool never returns. A replica may.
_BELIEVED_FOR = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class PoolExistence:
    """The existence of named pools, determined once for the looks of one batch.

    A pool with a look in the ledger exists: an event or the sweep reports its deletion. AWS decides about any other
    pool, in a region that is watched and was swept: before that the ledger is incomplete. A negative answer is valid
    for a day, and after that until AWS contradicts it. ``recalled`` is what all batches of this process read from
    the ledger: a look of the sweep reads a pool that exists once a day, for policies name hundreds of them.
    """

    known_pools: KnownPools
    watched_regions: frozenset[str]
    recalled: dict[PoolRef, datetime] = field(default_factory=dict)
    _alive: set[PoolRef] = field(default_factory=set)
    _gone: dict[PoolRef, datetime] = field(default_factory=dict)
    _unsure: dict[PoolRef, Message] = field(default_factory=dict)
    _known: set[PoolRef] = field(default_factory=set)
    _swept: dict[str, bool] = field(default_factory=dict)

    def anew(self) -> "PoolExistence":
        """The same service for another batch."""
        return PoolExistence(known_pools=self.known_pools, watched_regions=self.watched_regions, recalled=self.recalled)

    def about(
        self, named: frozenset[PoolRef], *, of: PoolRef, pools: Pools, at: datetime, fresh: bool = True
    ) -> NamedPools:
        """The existence of *named*, for the look at the pool *of*; reads at most one of them through *pools*."""
        if not named:
            return NamedPools()
        self._recall(named, at, fresh=fresh)
        asked: set[PoolRef] = set()
        for pool in islice(self._to_ask(named, of, at), _MOST_ASKED):
            match pools.read(pool):
                case Pool():
                    self._alive.add(pool)
                    self._gone.pop(pool, None)
                case Missing():
                    asked.add(pool)
                    self._gone[pool] = at
                case Unreadable() as refused:
                    # An earlier answer stays valid. Like every reading, a refused one is not retried in this batch.
                    self._unsure[pool] = refused.message
        gone = named & self._gone.keys()
        return NamedPools(
            gone=gone,
            asked=frozenset(asked),
            unsure={pool: self._unsure[pool] for pool in sorted(named - gone, key=_arn) if pool in self._unsure},
        )

    def _recall(self, named: frozenset[PoolRef], at: datetime, *, fresh: bool) -> None:
        """Read those of *named* from the ledger that are new to this batch, or to a look of the sweep to this day."""
        new = named - self._known
        if not fresh:
            recent = {pool for pool in new if pool in self.recalled and at - self.recalled[pool] < _BELIEVED_FOR}
            self._alive |= recent
            new -= recent
        if not new:
            return
        alive = self.known_pools.alive(new)
        self.recalled.update(dict.fromkeys(alive, at))
        self._alive = (self._alive - new) | alive
        if new > alive:
            self._gone |= self.known_pools.gone(new - alive)
        self._known |= new

    def _to_ask(self, named: frozenset[PoolRef], of: PoolRef, at: datetime) -> Iterator[PoolRef]:
        """The pools to read from AWS; pools whose answer would not be conclusive become unsure."""
        doubtful = [pool for pool in sorted(named - self._alive, key=_arn) if not self._is_believed_gone(pool, at)]
        for pool in doubtful:
            unseen = self._unseen_region(pool)
            if unseen is not None:
                self._unsure[pool] = message("pool.region-not-watched", region=unseen)
        for pool in doubtful:
            if pool in self._unsure or not self._is_swept(pool.region):
                continue
            elsewhere = self._elsewhere(pool, of)
            if elsewhere is None:
                yield pool
            else:
                self._gone.pop(pool, None)
                self._unsure[pool] = message("pool.id-elsewhere", region=elsewhere)

    def _is_believed_gone(self, pool: PoolRef, at: datetime) -> bool:
        return pool in self._gone and at - self._gone[pool] < _BELIEVED_FOR

    def _unseen_region(self, pool: PoolRef) -> str | None:
        """A region that decides about the pool and is not visible: its own, or for a replica that of the id."""
        regions = (pool.region, pool.pool_id.rpartition("_")[0])
        return next((region for region in regions if region not in self.watched_regions), None)

    def _elsewhere(self, pool: PoolRef, of: PoolRef) -> str | None:
        """Another region with a pool of the same id: replicas share the id, and a policy may name any of them."""
        if pool.pool_id == of.pool_id:
            return of.region
        others = frozenset(replace(pool, region=region) for region in self.watched_regions - {pool.region})
        return next((other.region for other in sorted(self.known_pools.alive(others), key=_arn)), None)

    def _is_swept(self, region: str) -> bool:
        if region not in self._swept:
            self._swept[region] = self.known_pools.swept_at(region) is not None
        return self._swept[region]


def _arn(pool: PoolRef) -> str:
    return pool.arn
