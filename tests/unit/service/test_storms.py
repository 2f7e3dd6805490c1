"""One call breaks what many pools share: one look and one read in repair for each, and no order for nothing."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.readings import Pool, PoolReading
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import RepairOrder, Written
from mailwarden.service.repair.order_runner import ONE_REPAIR, NoTimeLeft
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import HeldPools, developer, identity, identity_ref
from tests.fakes.deployment import SETTLE, Deployment, TickingClock, cause
from tests.fakes.mortal import Died, Life, mortal
from tests.fakes.order_running import orders_of
from tests.fakes.passing import TimedHintQueue, TimedPools, most_in_a_second, passing, run
from tests.unit.decisions.repairs import OPENED, deployed, granted, seoul
from tests.unit.service.crowds import about, call, known, users

# A policy of 4 KB has room for so many of these pools.
ROOM = 47


def storm(number: int) -> tuple[Deployment, list[Pool]]:
    """Pools that all lack the grant of one identity, each looked at because of one call."""
    pools = [seoul(f"{each:04}") for each in range(number)]
    mailwarden = deployed(*pools, OPENED, budget=Budget(per_account=20, per_pool=5))
    called = cause("DeleteIdentityPolicy")
    for each in pools:
        mailwarden.inspect(PoolHint(pool=each.ref, cause=called))
    return mailwarden, pools


@dataclass(slots=True, kw_only=True)
class SlowPools(HeldPools):
    """Takes more than a second for each pool."""

    clock: TickingClock

    def read(self, pool: PoolRef) -> PoolReading:
        self.clock.pass_by(seconds=1.5)
        return HeldPools.read(self, pool)


def timed(mailwarden: Deployment) -> tuple[TimedHintQueue, TimedPools]:
    return passing(mailwarden)


def states(mailwarden: Deployment, pools: list[Pool]) -> set[FindingState]:
    return {mailwarden.finding("MW401", each.ref.arn).lifecycle.state for each in pools}


def test_pools_that_share_what_is_broken_have_one_order() -> None:
    mailwarden, _ = storm(300)

    assert len(mailwarden.repairs.waiting) == 1


def test_300_pools_are_repaired_by_at_most_seven_writes_and_no_order_does_nothing() -> None:
    mailwarden, pools = storm(300)
    _, read = timed(mailwarden)
    done = []
    while mailwarden.repairs.waiting:
        done += mailwarden.repair()

    assert states(mailwarden, pools) == {FindingState.REPAIRED}
    assert len(mailwarden.written) == len(done) == 7
    assert all(isinstance(each.outcome, Written) for each in done)
    assert len(read.read_at) == 300
    assert most_in_a_second(read.read_at) <= 2 * 5


def test_a_slow_process_ends_its_orders_in_time_and_later_ones_serve_the_rest() -> None:
    mailwarden, pools = storm(100)
    mailwarden.pools = SlowPools(held=mailwarden.pools.held, clock=mailwarden.clock)
    longest = timedelta()
    mailwarden.clock.at += SETTLE
    while mailwarden.repairs.waiting:
        for order in mailwarden.repairs.take_all():
            began = mailwarden.clock.at
            mailwarden.run(order)
            longest = max(longest, mailwarden.clock.at - began)

    assert states(mailwarden, pools) == {FindingState.REPAIRED}
    assert longest < timedelta(seconds=60)


def test_looks_go_on_while_a_repair_waits_for_its_turn_and_are_served_by_it() -> None:
    mailwarden, pools = storm(3)
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    mailwarden.run(order)
    late = [seoul(f"{each:04}") for each in range(10, 20)]
    mailwarden.hold(*late)
    for each in late:
        mailwarden.inspect(PoolHint(pool=each.ref, cause=cause("DeleteIdentityPolicy")))
    before, (second,) = mailwarden.clock.at, mailwarden.repairs.take_all()

    (done,) = mailwarden.run(second)

    assert timedelta(seconds=5) < mailwarden.clock.at - before < timedelta(seconds=15)
    assert isinstance(done.outcome, Written)
    assert states(mailwarden, [*pools, *late]) == {FindingState.REPAIRED}


def test_one_pool_waits_for_no_turn() -> None:
    mailwarden, pools = storm(1)
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    mailwarden.run(order)
    mailwarden.hold(OPENED)
    mailwarden.inspect(PoolHint(pool=pools[0].ref, cause=cause("DeleteIdentityPolicy", event_id="e-2")))
    before, (second,) = mailwarden.clock.at, mailwarden.repairs.take_all()

    mailwarden.run(second)

    assert mailwarden.clock.at - before < timedelta(seconds=1)
    assert len(mailwarden.written) == 2


def test_without_time_for_one_more_repair_an_order_serves_the_rest() -> None:
    mailwarden, pools = storm(100)
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE

    done = mailwarden.run(order, seconds=ONE_REPAIR.total_seconds() + 1)

    assert len(done) == 1
    assert len(mailwarden.repairs.waiting) == 1
    while mailwarden.repairs.waiting:
        mailwarden.repair()
    assert states(mailwarden, pools) == {FindingState.REPAIRED}
    assert [len(each) for each in granted(mailwarden)] == [ROOM, ROOM, 100 - 2 * ROOM]


def test_without_time_for_another_repair_the_message_comes_again_at_once_and_no_other_order_is_sent() -> None:
    mailwarden, pools = storm(100)
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    began = mailwarden.clock.at

    deliveries = 0
    for deliveries in range(1, 9):
        try:
            done = mailwarden.run(
                order, seconds=ONE_REPAIR.total_seconds() + 1, is_new=deliveries == 1, may_be_redelivered=True
            )
        except NoTimeLeft:
            # What is found meanwhile needs no order of its own.
            assert mailwarden.inspect(PoolHint(pool=pools[-1].ref, cause=cause("TagResource")))[0].ordered == ()
            continue
        break

    assert (deliveries, len(done), mailwarden.repairs.waiting) == (3, 1, [])
    assert all(isinstance(each.outcome, Written) for each in done)
    assert mailwarden.clock.at - began < timedelta(seconds=40)
    assert states(mailwarden, pools) == {FindingState.REPAIRED}
    assert [len(each) for each in granted(mailwarden)] == [ROOM, ROOM, 100 - 2 * ROOM]
    # The mark of the message is gone with it: what is found from now on is ordered.
    assert mailwarden.ledger.waiting_orders.held == {}


def test_a_message_that_may_not_come_again_leaves_the_rest_to_an_order_and_an_order_that_waits_is_not_doubled() -> None:
    mailwarden, pools = storm(100)
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    mailwarden.run(order, seconds=ONE_REPAIR.total_seconds() + 1)

    (following,) = mailwarden.repairs.take_all()
    waiting = mailwarden.ledger.waiting_orders.held[order.resource]

    assert not orders_of(mailwarden).keep_serving(following)
    assert mailwarden.ledger.waiting_orders.held[order.resource] == waiting
    assert following.pool_arn in {each.ref.arn for each in pools[ROOM:]}


@pytest.mark.parametrize("first", ["gone", "sound"])
def test_the_others_are_served_although_nothing_is_due_for_the_pool_of_the_order(first: str) -> None:
    mailwarden, pools = storm(5)
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    if first == "gone":
        del mailwarden.pools.held[pools[0].ref]
    else:
        mailwarden.hold(replace(pools[0], email=developer(identity().ref)), identity())

    mailwarden.run(order)

    assert states(mailwarden, pools[1:]) == {FindingState.REPAIRED}
    assert len(mailwarden.written) == 1


def one_order(number: int) -> tuple[Deployment, list[Pool], RepairOrder]:
    mailwarden, pools = storm(number)
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    return mailwarden, pools, order


def test_whenever_an_order_dies_the_one_that_comes_again_serves_all_pools_that_joined_it() -> None:
    whole = Life()
    twin, _, order = one_order(3)
    mortal(twin, whole).run(order)
    for place, moment in enumerate(whole.moments):
        mailwarden, pools, order = one_order(3)
        with pytest.raises(Died):
            mortal(mailwarden, Life(ends_at=place)).run(order)
        mailwarden.clock.pass_by(minutes=6)

        mailwarden.run(order)
        mailwarden.clock.pass_by(seconds=30)
        mailwarden.inspect(*mailwarden.hints.take_all())

        assert states(mailwarden, pools) == {FindingState.REPAIRED}, moment


def test_a_look_that_dies_while_it_orders_orders_when_it_comes_again() -> None:
    broken, whole = seoul("A"), Life()
    twin = deployed(broken, OPENED)
    hint = PoolHint(pool=broken.ref, cause=cause())
    mortal(twin, whole).inspector().inspect(hint)
    for place, moment in enumerate(whole.moments):
        mailwarden = deployed(broken, OPENED)
        with pytest.raises(Died):
            mortal(mailwarden, Life(ends_at=place)).inspector().inspect(hint)
        mailwarden.clock.pass_by(minutes=6)
        mailwarden.inspect(hint)

        assert mailwarden.repairs.waiting, moment


def test_an_order_that_waits_for_very_long_is_ordered_again() -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED)
    for passed in (0, 10, 20):
        mailwarden.clock.pass_by(minutes=passed)
        mailwarden.inspect(PoolHint(pool=broken.ref, cause=cause(event_id=f"e-{passed}")))

    assert len(mailwarden.repairs.waiting) == 2


def test_a_call_about_a_pool_does_not_wait_behind_the_looks_of_a_shared_resource() -> None:
    held = users(200)
    mailwarden, _, read = known(*held)
    mailwarden.inspect(about(identity_ref()))
    before = len(read.read_at)

    mailwarden.inspect(PoolHint(pool=held[-1].ref, cause=call(2)))

    assert len(read.read_at) == before + 1


def test_the_calls_of_one_batch_about_a_pool_are_one_look() -> None:
    (held,) = users(1)
    mailwarden, queue, read = known(held)

    mailwarden.inspect(*(PoolHint(pool=held.ref, cause=call(number)) for number in range(10)))
    run(mailwarden, queue)

    assert len(read.read_at) == 1
