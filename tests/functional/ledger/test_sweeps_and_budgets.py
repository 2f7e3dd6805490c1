"""What the ledger promises about sweeps and the budgets of repairs: the same in memory and in DynamoDB."""

from itertools import count

from mailwarden.message import Message, message
from tests.fakes.examples import MORNING, SEOUL_POOL, a_pool, later
from tests.fakes.ledger.roles import LedgerRoles

_ENTRIES = count()


def take(
    ledger: LedgerRoles, *, number: int = 1, at: float = 0, per_account: int = 3, per_pool: int = 2
) -> Message | None:
    """Ask, and charge a write of its own if there is room."""
    spent = ledger.budgets.spent(
        a_pool(number), cause_id=None, now=later(at), per_account=per_account, per_pool=per_pool
    )
    if spent is None:
        ledger.budgets.charge(a_pool(number), entry_id=f"entry-{next(_ENTRIES)}", cause_id=None, at=later(at))
    return spent


def test_a_region_that_was_never_swept_says_so(ledger: LedgerRoles) -> None:
    ledger.known_pools.mark_swept("eu-west-1", at=MORNING)

    assert ledger.known_pools.swept_at("us-east-1") is None


def test_remembers_the_last_sweep_of_each_region(ledger: LedgerRoles) -> None:
    ledger.known_pools.mark_swept("eu-west-1", at=later(1))
    ledger.known_pools.mark_swept("us-east-1", at=later(2))

    assert ledger.known_pools.swept_at("eu-west-1") == later(1)
    assert ledger.known_pools.swept_at("us-east-1") == later(2)


def test_a_sweep_that_ended_earlier_does_not_take_the_place_of_a_later_one(ledger: LedgerRoles) -> None:
    ledger.known_pools.mark_swept("eu-west-1", at=later(2))

    ledger.known_pools.mark_swept("eu-west-1", at=later(1))

    assert ledger.known_pools.swept_at("eu-west-1") == later(2)


def test_gives_what_the_budget_of_a_pool_holds_and_no_more(ledger: LedgerRoles) -> None:
    answers = [take(ledger) for _ in range(3)]

    assert answers == [None, None, message("budget.pool-spent", limit=2)]


def test_gives_what_the_budget_of_the_account_holds_and_no_more(ledger: LedgerRoles) -> None:
    answers = [take(ledger, number=number) for number in range(4)]

    assert answers == [None, None, None, message("budget.account-spent", limit=3)]


def test_takes_nothing_from_the_account_when_the_pool_has_spent_its_own(ledger: LedgerRoles) -> None:
    for _ in range(5):
        take(ledger, number=1, per_pool=1)

    answers = [take(ledger, number=number, per_pool=1) for number in (2, 3, 4)]

    assert answers == [None, None, message("budget.account-spent", limit=3)]


def test_takes_nothing_from_the_pool_when_the_account_has_spent_its_own(ledger: LedgerRoles) -> None:
    take(ledger, number=1, per_account=1)
    refused = take(ledger, number=2, per_account=1)

    answers = [take(ledger, number=2, per_account=9), take(ledger, number=2, per_account=9)]

    assert refused is not None
    assert answers == [None, None]


def test_a_new_hour_brings_a_new_budget(ledger: LedgerRoles) -> None:
    spent = [take(ledger, at=0, per_pool=1), take(ledger, at=40, per_pool=1)]

    fresh = take(ledger, at=48, per_pool=1)

    assert spent == [None, message("budget.pool-spent", limit=1)]
    assert fresh is None


def test_an_empty_budget_gives_nothing(ledger: LedgerRoles) -> None:
    assert ledger.budgets.spent(SEOUL_POOL, cause_id=None, now=MORNING, per_account=0, per_pool=5) is not None
    assert ledger.budgets.spent(SEOUL_POOL, cause_id=None, now=MORNING, per_account=5, per_pool=0) is not None


def test_asking_counts_nothing_and_an_entry_is_counted_once_whenever_it_is_charged(ledger: LedgerRoles) -> None:
    for minute in (0, 0, 100):
        assert ledger.budgets.spent(SEOUL_POOL, cause_id=None, now=later(minute), per_account=1, per_pool=1) is None

    for _ in range(3):
        ledger.budgets.charge(SEOUL_POOL, entry_id="entry-once", cause_id=None, at=MORNING)

    assert ledger.budgets.spent(SEOUL_POOL, cause_id=None, now=MORNING, per_account=1, per_pool=2) is not None
    assert ledger.budgets.spent(SEOUL_POOL, cause_id=None, now=MORNING, per_account=2, per_pool=1) is not None
    assert ledger.budgets.spent(SEOUL_POOL, cause_id=None, now=MORNING, per_account=2, per_pool=2) is None
    assert ledger.budgets.spent(SEOUL_POOL, cause_id=None, now=later(100), per_account=1, per_pool=1) is None
