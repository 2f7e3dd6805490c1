"""The queues in memory, with the limits and the deduplication of SQS that callers can notice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailwarden.domain.refs.hints import Hint
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.ports.hint_queue import DelayedHint

_LONGEST_DELAY = timedelta(minutes=15)


@dataclass(slots=True, kw_only=True)
class InMemoryHintQueue:
    """Implements ``HintQueue``; ``waiting`` holds what was sent, in order."""

    waiting: list[DelayedHint] = field(default_factory=list)

    def send(self, hints: Sequence[DelayedHint]) -> None:
        for delayed in hints:
            if not timedelta(0) <= delayed.delay <= _LONGEST_DELAY:
                raise ValueError(f"a hint cannot wait {delayed.delay}: SQS holds a message back for 0 to 15 minutes")
        self.waiting.extend(hints)

    def take_all(self) -> list[Hint]:
        """What is waiting, and nothing waits afterwards."""
        taken = [delayed.hint for delayed in self.waiting]
        self.waiting.clear()
        return taken


@dataclass(slots=True, kw_only=True)
class InMemoryRepairQueue:
    """Implements ``RepairQueue``: the same change seen by the same look is kept once."""

    waiting: list[RepairOrder] = field(default_factory=list)
    seen: set[tuple[str, str, datetime]] = field(default_factory=set)

    def send(self, orders: Sequence[RepairOrder]) -> None:
        for order in orders:
            key = order.change_digest, order.pool_arn, order.looked_at
            if key not in self.seen:
                self.seen.add(key)
                self.waiting.append(order)

    def take_all(self) -> list[RepairOrder]:
        """What is waiting, and nothing waits afterwards."""
        taken = list(self.waiting)
        self.waiting.clear()
        return taken
