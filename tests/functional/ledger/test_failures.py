"""Failed deliveries, turns and app clients in the ledger, in memory and in DynamoDB alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mailwarden.adapters.ledger.ledger import DynamoLedger
from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.ports import Ledger
from tests.fakes.examples import MORNING, SEOUL_POOL, a_look, a_pool, later
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


def test_a_pool_without_failures_has_none(ledger: Ledger) -> None:
    assert ledger.delivery_failures(SEOUL_POOL) is None


def test_failures_add_up_with_their_first_and_last_time(ledger: Ledger) -> None:
    ledger.count_delivery_failures(SEOUL_POOL, failures(minutes=5, number=3), quiet=QUIET)
    ledger.count_delivery_failures(SEOUL_POOL, failures(minutes=9, number=4, call="ForgotPassword"), quiet=QUIET)
    ledger.count_delivery_failures(SEOUL_POOL, failures(minutes=1), quiet=QUIET)

    known = ledger.delivery_failures(SEOUL_POOL)

    assert known == DeliveryFailures(
        first=later(1),
        last=later(9),
        number=8,
        last_call="ForgotPassword",
        last_code="CodeDeliveryFailureException",
    )


def test_after_a_quiet_time_the_count_begins_anew(ledger: Ledger) -> None:
    ledger.count_delivery_failures(SEOUL_POOL, failures(number=7), quiet=QUIET)
    ledger.count_delivery_failures(SEOUL_POOL, failures(minutes=361), quiet=QUIET)

    assert ledger.delivery_failures(SEOUL_POOL) == failures(minutes=361)


def test_the_failures_of_one_pool_are_not_anothers_and_no_look(ledger: Ledger) -> None:
    ledger.count_delivery_failures(SEOUL_POOL, failures(), quiet=QUIET)

    assert ledger.delivery_failures(a_pool(2)) is None
    assert ledger.last_look(SEOUL_POOL) is None


def test_a_turn_is_taken_once_in_its_time(ledger: Ledger) -> None:
    ten = timedelta(minutes=10)

    taken = [ledger.try_acquire_turn(SEOUL_POOL, now=later(minutes), every=ten) for minutes in (0, 0, 9.9, 10, 15, 20)]

    assert taken == [True, False, False, True, False, True]
    assert ledger.try_acquire_turn(a_pool(2), now=MORNING, every=ten)


def test_an_app_client_is_remembered_region_by_region(ledger: Ledger) -> None:
    elsewhere = PoolRef(partition="aws", region="eu-west-1", account=SEOUL_POOL.account, pool_id="eu-west-1_Shop00001")
    ledger.remember_client("client", SEOUL_POOL, now=MORNING)
    ledger.remember_client("client", elsewhere, now=MORNING)

    assert ledger.pool_of_client("client", "ap-northeast-2") == SEOUL_POOL
    assert ledger.pool_of_client("client", "eu-west-1") == elsewhere
    assert ledger.pool_of_client("other", "eu-west-1") is None


def test_what_a_look_heard_of_is_kept(ledger: Ledger) -> None:
    ledger.put_look(replace(a_look(), announced_digest="0" * 64))

    look = ledger.last_look(SEOUL_POOL)

    assert look is not None
    assert look.announced_digest == "0" * 64


def test_counts_of_two_batches_at_once_are_both_kept(dynamo_ledger: DynamoLedger, dynamodb: "DynamoDBClient") -> None:
    dynamo_ledger.count_delivery_failures(SEOUL_POOL, failures(), quiet=QUIET)
    raced = Racing(
        dynamodb,
        lambda: DynamoLedger(dynamodb, TABLE).count_delivery_failures(
            SEOUL_POOL, failures(minutes=1, number=5), quiet=QUIET
        ),
    )

    DynamoLedger(raced, TABLE).count_delivery_failures(SEOUL_POOL, failures(minutes=2, number=10), quiet=QUIET)  # type: ignore[arg-type]

    known = dynamo_ledger.delivery_failures(SEOUL_POOL)
    assert known is not None
    assert known.number == 16
