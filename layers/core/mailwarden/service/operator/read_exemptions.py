"""Lists the exemptions of pools and identities from the ledger; reads nothing else and writes nothing."""

from dataclasses import dataclass

from mailwarden.domain.operator.exemptions import ExemptionList, exemptions_in
from mailwarden.domain.refs.resources import MonitoringRef, PoolRef
from mailwarden.ports.clock import Clock
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionReader:
    """Reads the last look at every pool of the watched regions."""

    resources: ResourcesInUse
    looks: Looks
    clock: Clock
    partition: str
    account: str
    watched_regions: tuple[str, ...]

    def current(self) -> ExemptionList:
        """The exemptions now."""
        at = self.clock.now()
        pools = frozenset(pool for region in self.watched_regions for pool in self._pools_in(region))
        looks = self.looks.last_of(pools)
        return ExemptionList(
            at=at,
            exemptions=exemptions_in(looks.values(), today=at.date()),
            pools=len(pools),
            unread=len(pools) - len(looks),
        )

    def _pools_in(self, region: str) -> tuple[PoolRef, ...]:
        monitoring = MonitoringRef(partition=self.partition, region=region, account=self.account)
        return self.resources.pools_using(monitoring)
