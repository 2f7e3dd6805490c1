"""A person releases repairs that wait: this hour's budget, or the pauses of one pool."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.monitoring.fights import Direction, WriteHistory, after_write
from mailwarden.ports.repair.resource_leases import ResourceLease
from tests.builders import ACCOUNT, identity_ref, pool_ref
from tests.fakes.deployment import TickingClock
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.writes import InMemoryResourceLeases
from tests.fakes.logs import KeptLog
from tests.fakes.orders import release_orders

POOL, OTHER = pool_ref(), pool_ref(pool_id="us-east-1_OTHER")
LOG = KeptLog()


@dataclass(slots=True, kw_only=True)
class WatchedLeases(InMemoryResourceLeases):
    """Lets something happen before a lease is acquired."""

    before: Callable[[], object] = lambda: None

    def acquire(self, resource: str, *, holder: str, now: datetime, until: datetime) -> ResourceLease | None:
        self.before()
        return InMemoryResourceLeases.acquire(self, resource, holder=holder, now=now, until=until)


class Desk:
    """Where orders arrive."""

    def __init__(self) -> None:
        self.leases, self.clock = WatchedLeases(), TickingClock()
        self.ledger = InMemoryLedger(resource_leases=self.leases)
        self.orders = release_orders(self.ledger, self.clock)

    def give(self, **members: object) -> dict[str, object]:
        return self.orders.carry_out({"release": {"by": "alice", **members}}, request_id="r-1", log=LOG)


def paused(desk: Desk) -> WriteHistory:
    known: WriteHistory | None = None
    for number in range(3):
        at = desk.clock.now()
        known = after_write(
            known,
            resource=identity_ref().arn,
            direction=Direction.GRANT,
            wrote="d",
            entry_id=f"e-{number}",
            at=at,
        ).seen_undone(None, at=at)
    assert known is not None
    return known


def test_a_released_hour_is_not_limited_by_the_accounts_budget() -> None:
    desk = Desk()
    budgets, now = desk.ledger.budgets, desk.clock.now()
    budgets.charge(POOL, entry_id="e", cause_id=None, at=now)
    for pool in (POOL, OTHER):
        budgets.wait(pool, limit=1, now=now)

    answer = desk.give(budget=True)

    assert (answer["answer"], answer["released"]) == ("released", 2)
    assert answer["text"] == (
        "the account's budget does not limit repairs this hour; each pool's still does. 2 repairs waited"
    )
    assert budgets.spent(OTHER, cause_id=None, now=now, per_account=1, per_pool=1) is None
    assert budgets.waiting(ACCOUNT, now=now) is None


def test_a_released_pool_is_repaired_at_once_and_another_one_is_not() -> None:
    desk = Desk()
    desk.ledger.histories.put(POOL, paused(desk))
    desk.ledger.histories.put(OTHER, paused(desk))

    answer = desk.give(pool=POOL.arn)

    (mine,), (others,) = desk.ledger.histories.all_of(POOL), desk.ledger.histories.all_of(OTHER)
    later = desk.clock.now() + timedelta(days=1)
    assert (answer["answer"], answer["released"]) == ("released", 1)
    assert mine.seen_undone(None, at=later).pause(later) is None
    assert others.pause(later) is not None


def test_a_pool_whose_repair_is_under_way_is_released_after_it() -> None:
    desk = Desk()
    desk.ledger.histories.put(POOL, paused(desk))
    now, leases = desk.clock.now(), desk.ledger.resource_leases
    leases.acquire(identity_ref().arn, holder="repair", now=now, until=now + timedelta(minutes=2))

    answer = desk.give(pool=POOL.arn)

    assert (answer["answer"], answer["released"]) == ("busy", 0)
    assert str(answer["text"]).startswith(f"a repair of pool {POOL.pool_id} is under way")
    assert desk.ledger.histories.all_of(POOL)[0].pause(desk.clock.now()) is not None
    desk.clock.pass_by(minutes=2)
    assert desk.give(pool=POOL.arn)["answer"] == "released"
    assert leases.held == {}


def test_a_release_changes_the_history_as_it_is_under_the_lease() -> None:
    """A repair that ended between the first look at the history and the lease is not forgotten."""
    desk = Desk()
    desk.ledger.histories.put(POOL, paused(desk))
    (known,) = desk.ledger.histories.all_of(POOL)
    desk.leases.before = lambda: desk.ledger.histories.put(
        POOL, replace(known, writes=(*known.writes, desk.clock.now()), entry_id="e-newer")
    )

    desk.give(pool=POOL.arn)

    (history,) = desk.ledger.histories.all_of(POOL)
    assert (history.entry_id, len(history.writes)) == ("e-newer", 1)


def test_where_nothing_waits_the_answer_says_so() -> None:
    desk = Desk()

    assert desk.give(pool=POOL.arn)["answer"] == "nothing waited"
    assert desk.give(budget=True)["answer"] == "nothing waited"


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"budget": False},
        {"budget": "yes"},
        {"budget": True, "pool": POOL.arn},
        {"pool": POOL.pool_id},
        {"pool": POOL.arn.replace(ACCOUNT, "999999999999")},
        {"by": None, "budget": True},
    ],
)
def test_what_is_no_order_releases_nothing(members: dict[str, object]) -> None:
    desk = Desk()

    assert desk.give(**members)["answer"] == "not understood"

    assert desk.ledger.budgets.released == set()
