"""Reads the last look at every pool of the watched regions from the ledger; reads nothing else and writes nothing."""

from dataclasses import dataclass

from mailwarden.domain.operator.pool_list import PoolList
from mailwarden.domain.refs.resources import MonitoringRef, PoolRef
from mailwarden.ports.clock import Clock
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolReader:
    """Finds the pools through the monitoring of their region, which every look uses."""

    resources: ResourcesInUse
    looks: Looks
    clock: Clock
    partition: str
    account: str
    watched_regions: tuple[str, ...]

    def current(self) -> PoolList:
        """The pools now, in the order of their ARNs."""
        at = self.clock.now()
        pools = frozenset(pool for region in self.watched_regions for pool in self._pools_in(region))
        looks = self.looks.last_of(pools)
        return PoolList(
            at=at,
            looks=tuple(looks[pool] for pool in sorted(looks, key=lambda pool: pool.arn)),
            pools=len(pools),
            unread=len(pools) - len(looks),
        )

    def _pools_in(self, region: str) -> tuple[PoolRef, ...]:
        monitoring = MonitoringRef(partition=self.partition, region=region, account=self.account)
        return self.resources.pools_using(monitoring)
