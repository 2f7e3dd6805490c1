"""User pools."""

from dataclasses import dataclass
from typing import Protocol

from mailwarden.domain.readings import PoolReading, Unreadable
from mailwarden.domain.refs.resources import PoolRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPage:
    """One page of a region's pools; ``after`` is None on the last."""

    pools: tuple[PoolRef, ...]
    after: str | None


class Pools(Protocol):
    """Reads user pools."""

    def read(self, pool: PoolRef) -> PoolReading:
        """One pool, as it is now."""
        ...

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:
        """Up to 60 pools of a region, from the token *after* on."""
        ...
