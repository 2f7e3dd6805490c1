"""What an order makes of the other pools of its resource, and of a stop that comes while it looks at them."""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.findings.record import Handling
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Written
from mailwarden.domain.repair.limits import Stop
from mailwarden.message import message
from mailwarden.regions import built_in_table
from mailwarden.service.inspection.fan_out import EVERY_LOOK
from mailwarden.service.repair.joint_repair import JointRepair
from mailwarden.service.repair.pool_review import DueRepair
from tests.builders import NOON
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


def test_the_next_order_is_looked_for_among_so_many_findings_and_no_more() -> None:
    mailwarden, _ = ordered("A")
    mailwarden.clock.at += timedelta(minutes=1)
    key = FindingKey(subject_arn=A.arn, rule_id="MW401")
    mailwarden.ledger.open_fixes = index = LaggingIndex(keys=(key,))  # type: ignore[assignment]

    order = joint_of(mailwarden).next_order(OREGON.arn, without=())

    assert (order is not None, index.asked) == (True, [100])
