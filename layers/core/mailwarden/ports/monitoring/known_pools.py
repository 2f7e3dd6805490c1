"""Which pools exist, as far as looks and sweeps found out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from mailwarden.domain.refs.resources import PoolRef


class KnownPools(Protocol):
    """Knows pools without reading AWS, and when a region was swept."""

    def alive(self, pools: frozenset[PoolRef]) -> frozenset[PoolRef]:
        """Those of *pools* that were there when they were looked at last; of the others nothing is said."""
        ...

    def gone(self, pools: frozenset[PoolRef]) -> Mapping[PoolRef, datetime]:
        """Those of *pools* that AWS was asked for and did not have, and when it last said so; none that is garbled."""
        ...

    def remember_gone(self, pool: PoolRef, *, at: datetime) -> None:
        """Remember that AWS was asked for a pool and did not have it; says nothing of its look."""
        ...

    def swept_at(self, region: str) -> datetime | None:
        """When the last complete sweep of a region ended; None also where that cannot be read."""
        ...

    def mark_swept(self, region: str, *, at: datetime) -> None:
        """Remember a complete sweep of a region, unless a later one is known."""
        ...
