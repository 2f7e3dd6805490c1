"""Which pools are known without a read, held in memory; every region counts as swept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mailwarden.domain.refs.resources import PoolRef


@dataclass(slots=True, kw_only=True)
class HeldKnownPools:
    """Implements ``KnownPools``; ``asked`` holds each question for pools that may be alive."""

    held: frozenset[PoolRef] = frozenset()
    deleted: dict[PoolRef, datetime] = field(default_factory=dict)
    swept: bool = True
    asked: list[frozenset[PoolRef]] = field(default_factory=list)

    def alive(self, pools: frozenset[PoolRef]) -> frozenset[PoolRef]:
        self.asked.append(pools)
        return pools & self.held

    def gone(self, pools: frozenset[PoolRef]) -> Mapping[PoolRef, datetime]:
        return {pool: at for pool, at in self.deleted.items() if pool in pools}

    def remember_gone(self, pool: PoolRef, *, at: datetime) -> None:
        self.deleted[pool] = at

    def swept_at(self, region: str) -> datetime | None:  # noqa: ARG002 - one answer for all
        return datetime(2026, 1, 1, tzinfo=UTC) if self.swept else None

    def mark_swept(self, region: str, *, at: datetime) -> None:  # noqa: ARG002 - one answer for all
        self.swept = True
