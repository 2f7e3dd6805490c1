"""Lists the exemptions of pools and identities from the ledger; reads nothing else and writes nothing."""

from dataclasses import dataclass

from mailwarden.domain.operator.exemptions import ExemptionList, exemptions_in
from mailwarden.service.operator.read_pools import PoolReader


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionReader:
    """Reads the last look at every pool of the watched regions."""

    pools: PoolReader

    def current(self) -> ExemptionList:
        """The exemptions now."""
        found = self.pools.current()
        return ExemptionList(
            at=found.at,
            exemptions=exemptions_in(found.looks, today=found.at.date()),
            pools=found.pools,
            unread=found.unread,
        )
