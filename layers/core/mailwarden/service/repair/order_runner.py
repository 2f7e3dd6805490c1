"""Runs an order, and after it everything else that waits for the same resource: looks order a resource only once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.ports.clock import Clock
from mailwarden.ports.rate_shares import RateShares
from mailwarden.service.inspection.repair_orders import RepairOrders
from mailwarden.service.repair.joint_repair import JointRepair
from mailwarden.service.repair.repair import OVER, Repaired, Repairer

# Three reads of an identity belong to a write: so far apart, writes keep to a third of SES's rate of one a second, and
# the looks of this time (five a second) are about as many as one policy has room for.
_BETWEEN_WRITES = timedelta(seconds=10)
# The longest time of one more repair when its turn has come: the reads of the pools that it serves, and its write.
ONE_REPAIR = timedelta(seconds=32)


class NoTimeLeft(Exception):
    """More is to be repaired than there is time for: the message of the order is to be delivered again at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRunner:
    """Gives orders their turns. ``pause`` lets a time pass."""

    repairer: Repairer
    joint: JointRepair
    orders: RepairOrders
    shares: RateShares
    pause: Callable[[timedelta], None]
    clock: Clock

    def run(
        self,
        order: RepairOrder,
        *,
        remaining: Callable[[], timedelta],
        is_new: bool = True,
        may_be_redelivered: bool = False,
    ) -> Iterator[Repaired]:
        """Carry out an order, then what was found of its resource and is served by no order yet.

        Raises what ``Repairer.repair`` raises. Another order serves the rest as soon as one is delivered. An order that
        the queue still holds back is not waited for. Without time for one more repair NoTimeLeft is raised if the
        message *may_be_redelivered*; a new order, which is sent otherwise, has to wait for the settle time.
        """
        done: set[FindingKey] = set()
        following: RepairOrder | None = order
        while following is not None:
            if is_new or done:
                # An order that is delivered again goes on where it was.
                self._wait_for_turn(order.resource)
            if not done:
                self.orders.begin(order.resource)
            began = self.clock.now()
            done.add(FindingKey(subject_arn=following.pool_arn, rule_id=following.rule_id))
            result = self.repairer.repair(following)
            # It was delivered again for the others: its own finding was repaired by then.
            if is_new or result.note is None or result.note.id != OVER:
                yield result
            comes_at, now = self.orders.comes_at(order.resource), self.clock.now()
            if comes_at is not None and comes_at <= now:
                return
            following = self.joint.next_order(order.resource, without=done)
            turn = timedelta(0) if result.outcome is None else max(began + _BETWEEN_WRITES - now, timedelta(0))
            if following is not None and remaining() < turn + ONE_REPAIR:
                if may_be_redelivered and self.orders.keep_serving(following):
                    raise NoTimeLeft
                # Nothing is sent while an order waits.
                self.orders.send([following])
                return

    def _wait_for_turn(self, resource: str) -> None:
        """Wait until the last write of the resource is a while ago, if several pools wait: one write serves more."""
        now = self.clock.now()
        turn = self.shares.reserve(f"writes {resource}", places=1, every=_BETWEEN_WRITES, now=now)
        if turn > now and self.joint.is_crowded(resource):
            self.pause(min(turn - now, _BETWEEN_WRITES))
