"""Repairs that wait for the budget, and what one call costs: the same in memory and in DynamoDB."""

from datetime import datetime, timedelta

from mailwarden.domain.monitoring.monitoring import BudgetQueue
from mailwarden.message import message
from tests.fakes.examples import MORNING, SEOUL_POOL, a_pool
from tests.fakes.ledger.roles import LedgerRoles

HOUR, MINUTE = 60, 1
ACCOUNT = SEOUL_POOL.account


def later(minutes: float) -> datetime:
    """So many minutes after the beginning of an hour."""
    return MORNING.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)


def is_spent(ledger: LedgerRoles, *, cause_id: str | None = None, at: float = 0) -> bool:
    reason = ledger.budgets.spent(a_pool(99), cause_id=cause_id, now=later(at), per_account=2, per_pool=9)
    assert reason in (None, message("budget.account-spent", limit=2))
    return reason is not None


def test_each_pool_counts_once_an_hour(ledger: LedgerRoles) -> None:
    for number in (1, 2, 1, 3, 2):
        ledger.budgets.wait(a_pool(number), limit=2, now=later(number))

    assert ledger.budgets.waiting(ACCOUNT, now=later(5)) == BudgetQueue(
        number=3, limit=2, since=later(1), goes_on_at=later(HOUR)
    )


def test_the_queue_of_the_last_hour_counts_until_it_has_come_again(ledger: LedgerRoles) -> None:
    ledger.budgets.wait(a_pool(1), limit=2, now=later(1))

    late = ledger.budgets.waiting(ACCOUNT, now=later(HOUR + 19 * MINUTE))
    over = ledger.budgets.waiting(ACCOUNT, now=later(HOUR + 20 * MINUTE))
    ledger.budgets.wait(a_pool(2), limit=2, now=later(HOUR + 21 * MINUTE))
    again = ledger.budgets.waiting(ACCOUNT, now=later(HOUR + 22 * MINUTE))

    assert late == BudgetQueue(number=1, limit=2, since=later(1), goes_on_at=later(HOUR))
    assert over is None
    assert again == BudgetQueue(number=1, limit=2, since=later(1), goes_on_at=later(2 * HOUR))


def test_where_nothing_waits_there_is_no_queue(ledger: LedgerRoles) -> None:
    assert ledger.budgets.waiting(ACCOUNT, now=later(1)) is None


def test_a_released_hour_holds_any_number_and_the_next_one_does_not(ledger: LedgerRoles) -> None:
    for number in range(2):
        ledger.budgets.charge(a_pool(number), entry_id=f"e-{number}", cause_id=None, at=later(1))
        ledger.budgets.charge(a_pool(number), entry_id=f"f-{number}", cause_id=None, at=later(HOUR))
    ledger.budgets.wait(a_pool(9), limit=2, now=later(2))
    before = is_spent(ledger, at=3)

    ledger.budgets.release(ACCOUNT, now=later(4))

    assert before
    assert not is_spent(ledger, at=HOUR - 1)
    assert is_spent(ledger, at=HOUR)
    assert ledger.budgets.waiting(ACCOUNT, now=later(5)) is None


def test_all_that_one_call_broke_is_one_charge_of_the_account(ledger: LedgerRoles) -> None:
    for number in range(5):
        ledger.budgets.charge(a_pool(number), entry_id=f"e-{number}", cause_id="call", at=later(1))
    one_left = not is_spent(ledger, at=2)
    ledger.budgets.charge(a_pool(7), entry_id="e-7", cause_id="other", at=later(3))

    assert one_left
    assert is_spent(ledger, at=4)
    assert is_spent(ledger, cause_id="third", at=4)
    assert not is_spent(ledger, cause_id="call", at=4)


def test_the_same_entry_is_charged_once_also_with_a_cause(ledger: LedgerRoles) -> None:
    for _ in range(3):
        ledger.budgets.charge(SEOUL_POOL, entry_id="e", cause_id="call", at=later(1))

    spent = ledger.budgets.spent(SEOUL_POOL, cause_id=None, now=later(2), per_account=2, per_pool=2)

    assert spent is None
