"""A storm with the settle time that an account has: the looks go on while repairs run, and orders wait in the queue."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.readings import Pool
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.ports.hint_queue import DelayedHint
from mailwarden.service.inspection.fan_out import EVERY_LOOK
from mailwarden.service.repair.repair import Repaired
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import NOON
from tests.fakes.deployment import SETTLE, Deployment, TickingClock, cause
from tests.fakes.passing import TimedHintQueue, passing, run
from tests.fakes.queues import InMemoryRepairQueue
from tests.unit.decisions.repairs import OPENED, deployed, seoul


@dataclass(slots=True, kw_only=True)
class BusyClock(TickingClock):
    """A clock that handles the hints that come while a process waits."""

    mailwarden: Deployment | None = None
    queue: TimedHintQueue | None = None

    def pass_by(self, **time: float) -> None:
        end = self.at + timedelta(**time)
        if self.queue is not None and self.mailwarden is not None:
            run(self.mailwarden, self.queue, until=end - self.at)
        self.at = max(self.at, end)


@dataclass(slots=True, kw_only=True)
class DatedRepairQueue(InMemoryRepairQueue):
    """Notes when each order was sent."""

    clock: TickingClock
    sent_at: list[datetime] = field(default_factory=list)

    def send(self, orders: list[RepairOrder]) -> None:  # type: ignore[override]
        before = len(self.waiting)
        InMemoryRepairQueue.send(self, orders)
        self.sent_at += [self.clock.at] * (len(self.waiting) - before)


def together(number: int) -> tuple[Deployment, list[Pool], DatedRepairQueue, BusyClock]:
    """Pools that lack one grant, each looked at in its turn, and the queue of orders."""
    pools = [seoul(f"{each:04}") for each in range(number)]
    mailwarden = deployed(*pools, OPENED, budget=Budget(per_account=20, per_pool=5))
    clock = mailwarden.clock = BusyClock()
    clock.queue, _ = passing(mailwarden)
    clock.mailwarden = mailwarden
    orders = mailwarden.repairs = DatedRepairQueue(clock=clock)
    hints = [PoolHint(pool=each.ref, cause=cause("DeleteIdentityPolicy")) for each in pools]
    clock.queue.send([DelayedHint(hint=hint, delay=place * EVERY_LOOK) for place, hint in enumerate(hints)])
    return mailwarden, pools, orders, clock


def test_the_first_of_300_pools_can_send_ten_seconds_after_the_settle_time_and_all_in_150_seconds() -> None:
    mailwarden, pools, orders, clock = together(300)
    done: list[Repaired] = []

    clock.pass_by(seconds=1)
    while orders.waiting:
        clock.pass_by(seconds=max(0.0, (orders.sent_at[0] + SETTLE - clock.at).total_seconds()))
        order, _ = orders.waiting.pop(0), orders.sent_at.pop(0)
        done += mailwarden.run(order)

    records = [mailwarden.finding("MW401", each.ref.arn) for each in pools]
    assert {record.lifecycle.state for record in records} == {FindingState.REPAIRED}
    ended = sorted(at - NOON for _, at in mailwarden.journal.outcomes.values())
    assert ended[0] < SETTLE + timedelta(seconds=10)
    assert ended[-1] < timedelta(seconds=150)
    assert len(mailwarden.written) == 7
