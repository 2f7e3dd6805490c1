"""What the call that led to an order is kept for: its charge to the hour's budget, and the looks that follow."""

from dataclasses import replace

from mailwarden.domain.readings import ServiceLinkedRole
from mailwarden.domain.refs.causes import cause_id_of
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.journal import Written
from mailwarden.message import message
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import developer, identity, pool
from tests.fakes.deployment import SETTLE, Deployment
from tests.unit.service.standing import BROKE, LATER, B, StillClock, nothing, ordered, waiting


def test_what_the_same_call_broke_is_written_although_the_hour_has_no_room_for_another_cause() -> None:
    mailwarden, (order,) = ordered("A", budget=Budget(per_account=1, per_pool=5))
    mailwarden.ledger.budgets.charge(B, entry_id="e-b", cause_id=cause_id_of(BROKE), at=mailwarden.clock.at)
    repairer = mailwarden.repairer()

    of_another = repairer.repair(replace(order, cause=LATER))
    waits_on = repairer.repair(replace(order, cause=None))
    of_the_same = repairer.repair(replace(order, cause=BROKE))

    assert [of_another, waits_on] == [nothing(message("budget.account-spent", limit=1))] * 2
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
