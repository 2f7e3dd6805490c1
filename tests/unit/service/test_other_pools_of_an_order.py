"""What an order makes of the other pools of its resource, and of a stop that comes while it looks at them."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from itertools import combinations

import pytest

from mailwarden.domain.findings.record import Handling
from mailwarden.domain.readings import PoolReading
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Written
from mailwarden.domain.repair.limits import Stop
from mailwarden.message import message
from mailwarden.regions import built_in_table
from mailwarden.service.inspection.fan_out import EVERY_LOOK
from mailwarden.service.repair.joint_repair import JointRepair
from mailwarden.service.repair.pool_review import DueRepair
from tests.builders import NOON, HeldPools
from tests.fakes.ledger.findings import InMemoryStopSwitch
from tests.fakes.order_running import joint_of
from tests.unit.decisions.repairs import OREGON, seoul
from tests.unit.service.standing import LATER, A, StillClock, last_look, nothing, ordered, wrote
from tests.unit.service.test_joint_repairs import LaggingIndex
from tests.unit.service.test_looks_after_writes import SlowPools


@dataclass(slots=True, kw_only=True)
class StopsAt(InMemoryStopSwitch):
    """Somebody stops all repairs just before this reading of the switch."""

    reading: int

    def current(self) -> Stop | None:
        self.reading -= 1
        if not self.reading:
            self.stop(by="alice", now=NOON)
        return self.held


@dataclass(slots=True, kw_only=True)
class TimedSlowPools(HeldPools):
    """Each read takes *each*, and those whose number is in *slow* take longer; knows when each began."""

    clock: StillClock
    each: timedelta = timedelta(0)
    slow: dict[int, timedelta] = field(default_factory=dict)
    read_at: list[datetime] = field(default_factory=list)

    def read(self, pool: PoolRef) -> PoolReading:
        self.read_at.append(self.clock.at)
        self.clock.pass_by(seconds=self.slow.get(len(self.read_at), self.each).total_seconds())
        return HeldPools.read(self, pool)


def test_a_stop_while_an_order_looks_at_the_other_pools_holds() -> None:
    mailwarden, (order, _) = ordered("A", "B")
    mailwarden.ledger.stop_switch = StopsAt(reading=3)

    done = mailwarden.repairer().repair(replace(order, cause=LATER))

    assert done == nothing(message("repair.nothing-due"))
    assert mailwarden.written == []
    assert last_look(mailwarden) == (mailwarden.clock.at, LATER)
    assert wrote(mailwarden).handling is Handling.WITHHELD


def test_the_switch_is_read_once_for_one_pool_before_its_write() -> None:
    mailwarden, (order,) = ordered("A")
    mailwarden.ledger.stop_switch = StopsAt(reading=2)

    assert isinstance(mailwarden.repairer().repair(order).outcome, Written)


def test_a_pool_that_the_joint_grant_leaves_out_is_not_served() -> None:
    mailwarden, (order,) = ordered("A")
    repairer = mailwarden.repairer()

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Generous(JointRepair):
        """It has another pool whose region has no row, so that no grant can name it."""

        def others(self, first: DueRepair, *, at: datetime) -> tuple[DueRepair, ...]:
            path = replace(first.path, pool=seoul("B"), row=built_in_table().row("nowhere"), taken_at=at)
            return (replace(first, path=path),)

    joint = Generous(**{each.name: getattr(repairer.joint, each.name) for each in fields(JointRepair)})

    replace(repairer, joint=joint).repair(order)

    (intention,) = mailwarden.journal.intentions.values()
    assert (intention.pools, len(intention.findings)) == ((A,), 1)


def test_where_readings_are_slow_the_pools_that_are_left_after_ten_seconds_are_left_to_another_order() -> None:
    mailwarden, (order, *_) = ordered(*"ABCDE")
    mailwarden.clock = clock = StillClock(at=mailwarden.clock.at)
    seconds: dict[PoolRef, float] = {seoul("B").ref: 4, seoul("C").ref: 6}
    mailwarden.pools = SlowPools(held=mailwarden.pools.held, clock=clock, seconds=seconds)

    mailwarden.repairer().repair(order)

    served = tuple(seoul(name).ref for name in "ABC")
    (intention,) = mailwarden.journal.intentions.values()
    assert (intention.pools, tuple(mailwarden.pools.asked)) == (served, served)


@pytest.mark.parametrize(("others", "pauses"), [(5, 0), (6, 1), (8, 3)])
def test_five_other_pools_are_read_at_once_and_each_further_one_has_its_place_in_the_rate(
    others: int, pauses: int
) -> None:
    mailwarden, (order, *_) = ordered(*"ABCDEFGHI"[: others + 1])
    began = mailwarden.clock.at

    mailwarden.repairer().repair(order)

    assert mailwarden.clock.at - began == pauses * EVERY_LOOK


@pytest.mark.parametrize("milliseconds", [1, 50, 150, 175])
def test_the_time_that_a_reading_takes_belongs_to_its_place_in_the_rate(milliseconds: int) -> None:
    mailwarden, (order, *_) = ordered(*map(str, range(40)))
    mailwarden.clock = clock = StillClock(at=mailwarden.clock.at)
    mailwarden.pools = TimedSlowPools(
        held=mailwarden.pools.held, clock=clock, each=timedelta(milliseconds=milliseconds)
    )

    mailwarden.repairer().repair(order)

    # The order's own pool, and those that nothing keeps apart, come before the first pause.
    assert len(mailwarden.pools.read_at) == 40
    assert mailwarden.pools.read_at[-1] - mailwarden.pools.read_at[0] <= 35 * EVERY_LOOK


@pytest.mark.parametrize("slow", [3, 10])
def test_after_a_slow_reading_a_second_of_the_rate_is_caught_up_and_no_more(slow: int) -> None:
    mailwarden, (order, *_) = ordered(*map(str, range(40)))
    mailwarden.clock = clock = StillClock(at=mailwarden.clock.at)
    mailwarden.pools = TimedSlowPools(held=mailwarden.pools.held, clock=clock, slow={slow: timedelta(seconds=4)})

    mailwarden.repairer().repair(order)

    others = mailwarden.pools.read_at[1:]
    assert len(others) == 39
    for (first, earlier), (last, later) in combinations(enumerate(others), 2):
        assert later - earlier >= (last - first - 5) * EVERY_LOOK


def test_the_next_order_is_looked_for_among_so_many_findings_and_no_more() -> None:
    mailwarden, _ = ordered("A")
    mailwarden.clock.at += timedelta(minutes=1)
    key = FindingKey(subject_arn=A.arn, rule_id="MW401")
    mailwarden.ledger.open_fixes = index = LaggingIndex(keys=(key,))  # type: ignore[assignment]

    order = joint_of(mailwarden).next_order(OREGON.arn, without=())

    assert (order is not None, index.asked) == (True, [100])
