"""What is known of other pools without a read, held in memory; every region counts as swept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mailwarden.domain.findings.record import LookRecord
from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.resources import PoolRef


@dataclass(slots=True, kw_only=True)
class HeldMemory:
    """Implements ``mailwarden.ports.Memory``; ``asked`` holds each question for pools that may be alive."""

    alive: frozenset[PoolRef] = frozenset()
    gone: Mapping[PoolRef, datetime] = field(default_factory=dict)
    swept: bool = True
    asked: list[frozenset[PoolRef]] = field(default_factory=list)

    def last_look(self, pool: PoolRef) -> LookRecord | None:  # noqa: ARG002 - nobody looked before
        return None

    def delivery_failures(self, pool: PoolRef) -> DeliveryFailures | None:  # noqa: ARG002 - nothing failed
        return None

    def pools_alive(self, pools: frozenset[PoolRef]) -> frozenset[PoolRef]:
        self.asked.append(pools)
        return pools & self.alive

    def pools_gone(self, pools: frozenset[PoolRef]) -> Mapping[PoolRef, datetime]:
        return {pool: at for pool, at in self.gone.items() if pool in pools}

    def swept_at(self, region: str) -> datetime | None:  # noqa: ARG002 - one answer for all
        return datetime(2026, 1, 1, tzinfo=UTC) if self.swept else None
