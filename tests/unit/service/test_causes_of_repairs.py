"""What the call that led to an order is kept for: its charge to the hour's budget, and the looks that follow."""

from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.monitoring.fights import Direction, WriteHistory
from mailwarden.domain.readings import ServiceLinkedRole
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.fight_reason import FIGHT
from mailwarden.domain.repair.journal import Refused, Written
from mailwarden.message import message, verbatim
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import developer, identity, pool
from tests.fakes.deployment import SETTLE, Deployment
from tests.unit.decisions.repairs import OREGON, seoul
from tests.unit.service.standing import BROKE, LATER, A, B, StillClock, nothing, ordered, waiting


def test_what_the_same_call_broke_is_written_although_the_hour_has_no_room_for_another_cause() -> None:
    mailwarden, (first,) = ordered("A", budget=Budget(per_account=1, per_pool=5))
    mailwarden.repairer().repair(first)
    mailwarden.ledger.waiting_orders.begin(OREGON.arn)
    mailwarden.hold(seoul("B"))
    mailwarden.inspect(PoolHint(pool=B, cause=LATER))
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE

    of_another = mailwarden.repairer().repair(order)
    waits_on = mailwarden.repairer().repair(replace(order, cause=None))
    of_the_same = mailwarden.repairer().repair(replace(order, cause=BROKE))

    assert [of_another, waits_on] == [nothing(message("budget.account-spent", limit=1), B)] * 2
    assert isinstance(of_the_same.outcome, Written)


def test_the_pools_that_wait_for_the_role_of_the_account_are_looked_at_for_the_call_that_led_to_it() -> None:
    sender = identity()
    first, other = (pool(pool_id=f"us-east-1_{name}", email=developer(sender.ref)) for name in "AB")
    mailwarden = Deployment(clock=StillClock())
    mailwarden.hold(first, other, sender)
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    mailwarden.inspect(PoolHint(pool=first.ref, cause=BROKE))
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    mailwarden.inspect(PoolHint(pool=other.ref, cause=LATER))

    mailwarden.repairer().repair(order)

    (intention,) = mailwarden.journal.intentions.values()
    assert intention.pools == (first.ref,)
    (causes, _) = waiting(mailwarden)[other.ref]
    assert causes == (BROKE,)


def test_a_fight_is_told_by_a_look_for_the_call_that_went_on_with_it() -> None:
    mailwarden, (order,) = ordered("A")
    at = mailwarden.clock.at
    history = WriteHistory(
        resource=OREGON.arn,
        direction=Direction.GRANT,
        writes=(at, at, at),
        wrote="what we left",
        entry_id="e-3",
    )
    mailwarden.ledger.histories.put(A, history)

    done = mailwarden.repairer().repair(replace(order, cause=LATER))

    assert done.note is not None
    assert (done.note.id, mailwarden.written) == (FIGHT, [])
    assert waiting(mailwarden) == {A: ((LATER,), timedelta(0))}


def test_every_pool_of_a_refused_write_is_looked_at_for_no_call_so_that_none_repeats_it() -> None:
    mailwarden, (order, _) = ordered("A", "B")
    mailwarden.answer = Refused(reason=verbatim("a service control policy"))

    mailwarden.repairer().repair(order)

    assert waiting(mailwarden) == dict.fromkeys((A, B), ((), timedelta(0)))
