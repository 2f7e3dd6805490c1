"""What the ledger keeps about one pool."""

from dataclasses import dataclass, field
from typing import Protocol

from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.overlap import ResourceWrites
from mailwarden.domain.monitoring.fights import WriteHistory
from mailwarden.domain.refs.resources import PoolRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRecord:
    """The last look at a pool and its failed deliveries, if any; our writes for it of the last 30 days."""

    last_look: LookRecord | None
    failures: DeliveryFailures | None
    writes: tuple[WriteHistory, ...] = ()
    windows: ResourceWrites = field(default_factory=ResourceWrites)


class PoolRecords(Protocol):
    """Reads for a look what other roles keep."""

    def read(self, pool: PoolRef) -> PoolRecord:
        """The record of a pool, in one read."""
        ...
