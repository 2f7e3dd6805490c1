"""Failed deliveries, turns and app clients in the ledger, in memory and in DynamoDB alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.resources import PoolRef
from tests.fakes.examples import MORNING, SEOUL_POOL, a_look, a_pool, later
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.roles import LedgerRoles
from tests.functional.ledger.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

QUIET = timedelta(hours=6)


class Racing:
    """A client whose first write comes after somebody else's."""

    def __init__(self, client: "DynamoDBClient", other: Callable[[], None]) -> None:
        self._client = client
        self._other: Callable[[], None] | None = other

    def put_item(self, **arguments: Any) -> Any:  # noqa: ANN401 - passed on
        if self._other is not None:
            other, self._other = self._other, None
            other()
        return self._client.put_item(**arguments)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else is the client's
        return getattr(self._client, name)


def failures(*, minutes: float = 0, number: int = 1, call: str = "SignUp") -> DeliveryFailures:
    at = later(minutes)
    return DeliveryFailures(first=at, last=at, number=number, last_call=call, last_code="CodeDeliveryFailureException")


def test_the_time_of_the_daily_limit_outlives_other_failures_and_a_quiet_time(ledger: LedgerRoles) -> None:
    ledger.failures.add(SEOUL_POOL, replace(failures(), at_daily_limit=later(0)), quiet=QUIET)
    ledger.failures.add(SEOUL_POOL, failures(minutes=5), quiet=QUIET)
    goes_on = ledger.failures.of(SEOUL_POOL)
    ledger.failures.add(SEOUL_POOL, failures(minutes=600), quiet=QUIET)

    assert goes_on is not None
    assert (goes_on.number, goes_on.at_daily_limit) == (2, later(0))
    assert ledger.failures.of(SEOUL_POOL) == replace(failures(minutes=600), at_daily_limit=later(0))


def test_a_pool_without_failures_has_none(ledger: LedgerRoles) -> None:
    assert ledger.failures.of(SEOUL_POOL) is None


def test_failures_add_up_with_their_first_and_last_time(ledger: LedgerRoles) -> None:
    ledger.failures.add(SEOUL_POOL, failures(minutes=5, number=3), quiet=QUIET)
    ledger.failures.add(SEOUL_POOL, failures(minutes=9, number=4, call="ForgotPassword"), quiet=QUIET)
    ledger.failures.add(SEOUL_POOL, failures(minutes=1), quiet=QUIET)

    known = ledger.failures.of(SEOUL_POOL)

    assert known == DeliveryFailures(
        first=later(1),
        last=later(9),
        number=8,
        last_call="ForgotPassword",
        last_code="CodeDeliveryFailureException",
    )


def test_after_a_quiet_time_the_count_begins_anew(ledger: LedgerRoles) -> None:
    ledger.failures.add(SEOUL_POOL, failures(number=7), quiet=QUIET)
    ledger.failures.add(SEOUL_POOL, failures(minutes=361), quiet=QUIET)

    assert ledger.failures.of(SEOUL_POOL) == failures(minutes=361)


def test_the_failures_of_one_pool_are_not_anothers_and_no_look(ledger: LedgerRoles) -> None:
    ledger.failures.add(SEOUL_POOL, failures(), quiet=QUIET)

    assert ledger.failures.of(a_pool(2)) is None
    assert ledger.looks.last(SEOUL_POOL) is None


def test_a_turn_is_taken_once_in_its_time(ledger: LedgerRoles) -> None:
    ten = timedelta(minutes=10)

    taken = [ledger.turns.try_acquire(SEOUL_POOL, now=later(minutes), every=ten) for minutes in (0, 0, 9.9, 10, 15, 20)]

    assert taken == [True, False, False, True, False, True]
    assert ledger.turns.try_acquire(a_pool(2), now=MORNING, every=ten)


def test_an_app_client_is_remembered_region_by_region(ledger: LedgerRoles) -> None:
    elsewhere = PoolRef(partition="aws", region="eu-west-1", account=SEOUL_POOL.account, pool_id="eu-west-1_Shop00001")
    ledger.client_pools.remember("client", SEOUL_POOL, now=MORNING)
    ledger.client_pools.remember("client", elsewhere, now=MORNING)

    assert ledger.client_pools.pool_of("client", "ap-northeast-2") == SEOUL_POOL
    assert ledger.client_pools.pool_of("client", "eu-west-1") == elsewhere
    assert ledger.client_pools.pool_of("other", "eu-west-1") is None


def test_what_a_look_heard_of_is_kept(ledger: LedgerRoles) -> None:
    ledger.looks.put(replace(a_look(), announced_digest="0" * 64))

    look = ledger.looks.last(SEOUL_POOL)

    assert look is not None
    assert look.announced_digest == "0" * 64


def test_counts_of_two_batches_at_once_are_both_kept(
    dynamo_ledger: LedgerInDynamoDB, dynamodb: "DynamoDBClient"
) -> None:
    dynamo_ledger.failures.add(SEOUL_POOL, failures(), quiet=QUIET)
    raced = Racing(
        dynamodb,
        lambda: LedgerInDynamoDB(dynamodb, TABLE).failures.add(SEOUL_POOL, failures(minutes=1, number=5), quiet=QUIET),
    )

    LedgerInDynamoDB(raced, TABLE).failures.add(SEOUL_POOL, failures(minutes=2, number=10), quiet=QUIET)  # type: ignore[arg-type]

    known = dynamo_ledger.failures.of(SEOUL_POOL)
    assert known is not None
    assert known.number == 16
