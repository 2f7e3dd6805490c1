"""Sends orders for repairs: one waits for each resource, and serves all that is found of it until it begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.ports.clock import Clock
from mailwarden.ports.repair.repair_queue import RepairQueue
from mailwarden.ports.repair.waiting_orders import WaitingOrders

# Shorter than the time after which SQS delivers the message of a look again (6 minutes): if the process ends before it
# sends the order, the repeated look sends it.
_SENDING = timedelta(minutes=1)
# An order that waits longer, because repairs are stopped or fail, is ordered again by the next look.
_WAITING = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOrders:
    """The queue of orders, with the marks of those that wait. ``settle`` is the delay of the queue."""

    queue: RepairQueue
    waiting: WaitingOrders
    clock: Clock
    settle: timedelta

    def send(self, orders: Iterable[RepairOrder]) -> tuple[RepairOrder, ...]:
        """Send the orders for resources for which none waits; returns them. The findings are stored already."""
        return tuple(order for order in orders if self._send(order))

    def begin(self, resource: str) -> None:
        """An order for the resource begins: a finding that is stored later needs another one."""
        self.waiting.begin(resource)

    def keep_serving(self, order: RepairOrder) -> bool:
        """Let the message that ran last serve the resource of *order* once more; False if another order does that."""
        now = self.clock.now()
        return self.waiting.claim(order.resource, by=_name_of(order), now=now, until=now + _WAITING)

    def comes_at(self, resource: str) -> datetime | None:
        """When the queue delivers the order that waits for the resource, perhaps before now; None if none waits."""
        until = self.waiting.waits_until(resource)
        return None if until is None or until <= self.clock.now() else until - _WAITING

    def _send(self, order: RepairOrder) -> bool:
        now, by = self.clock.now(), _name_of(order)
        if not self.waiting.claim(order.resource, by=by, now=now, until=now + _SENDING):
            return False
        self.queue.send([order])
        self.waiting.keep(order.resource, by=by, until=now + self.settle + _WAITING)
        return True


def _name_of(order: RepairOrder) -> str:
    return f"{order.pool_arn} {order.rule_id} {order.looked_at.isoformat()}"
