"""Counts of mail in the ledger, in memory and in DynamoDB alike: each event once, for all it counts for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailwarden.adapters.aws.dynamodb.table import Contended
from mailwarden.domain.mail_path.from_addresses import SenderAddress, sender_address
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef, Subject
from mailwarden.domain.reputation.mail_events import CountedEvent, PoolRoute
from tests.fakes.examples import ACCOUNT, MORNING, OREGON_IDENTITY, SEOUL_POOL, a_look, a_pool, later
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.roles import LedgerRoles
from tests.functional.ledger.conftest import TABLE, at_once

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

SET = ConfigurationSetRef(partition="aws", region="us-west-2", account=ACCOUNT, name="mail")
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
HARD = "Bounce/Permanent/General"
NUMBERS = count(1)


def event(key: object, *subjects: Subject, outcome: str = HARD, day: date = MONDAY) -> CountedEvent:
    at = datetime.combine(day, time(9, 30), tzinfo=UTC)
    return CountedEvent(key=f"{key}", outcome=outcome, at=at, subjects=subjects or (SEOUL_POOL,))


def counted(ledger: LedgerRoles, subject: Subject = SEOUL_POOL, *, since: date = MONDAY) -> dict[str, int]:
    return dict(ledger.counters.since(subject, since).by_outcome)


def test_without_events_nothing_is_counted(ledger: LedgerRoles) -> None:
    assert ledger.counters.count([], now=MORNING) == frozenset()
    assert counted(ledger) == {}


def test_an_event_counts_for_each_of_its_subjects(ledger: LedgerRoles) -> None:
    new = ledger.counters.count([event("a", SEOUL_POOL, OREGON_IDENTITY, SET)], now=MORNING)

    assert new == {"a"}
    assert counted(ledger, SEOUL_POOL) == counted(ledger, OREGON_IDENTITY) == counted(ledger, SET) == {HARD: 1}


def test_events_add_up_by_outcome_and_day(ledger: LedgerRoles) -> None:
    ledger.counters.count([event("a"), event("b"), event("c", outcome="Complaint")], now=MORNING)
    ledger.counters.count([event("d", outcome="Complaint"), event("e", day=TUESDAY)], now=later(5))

    assert counted(ledger) == {HARD: 3, "Complaint": 2}
    assert counted(ledger, since=TUESDAY) == {HARD: 1}


def test_an_event_that_was_counted_is_not_counted_again_and_the_new_ones_beside_it_are(ledger: LedgerRoles) -> None:
    ledger.counters.count([event("a"), event("b")], now=MORNING)

    new = ledger.counters.count([event("b"), event("c"), event("a")], now=later(1))

    assert new == {"c"}
    assert counted(ledger) == {HARD: 3}


def test_a_lane_is_counted_by_whole_hours(ledger: LedgerRoles) -> None:
    route = PoolRoute(pool=SEOUL_POOL, via=SET)
    other = PoolRoute(pool=SEOUL_POOL, via=SesAccountRef(partition="aws", region="us-west-2", account=ACCOUNT))
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for number, minutes in enumerate((-1, 0, 59, 60, 119, 120)):
        at = nine + timedelta(minutes=minutes)
        counted_event = CountedEvent(key=f"{number}", outcome=HARD, at=at, subjects=(SEOUL_POOL,), routes=(route,))
        ledger.counters.count([counted_event], now=MORNING)

    counts = ledger.counters.via(route, since=nine, until=nine + timedelta(hours=2))

    assert counts.by_outcome == {HARD: 4}
    assert ledger.counters.via(other, since=nine, until=nine + timedelta(hours=2)).by_outcome == {}
    assert counted(ledger) == {HARD: 6}


def test_events_that_were_all_counted_write_nothing(ledger: LedgerRoles) -> None:
    ledger.counters.count([event("a")], now=MORNING)

    assert ledger.counters.count([event("a", outcome="Complaint")], now=later(1)) == frozenset()
    assert counted(ledger) == {HARD: 1}


def test_a_hundred_writes_are_one_call_and_more_are_refused(ledger: LedgerRoles) -> None:
    subjects = (SEOUL_POOL, OREGON_IDENTITY, SET)

    assert len(ledger.counters.count([event(number, *subjects) for number in range(97)], now=MORNING)) == 97
    with pytest.raises(ValueError, match="101 writes"):
        ledger.counters.count([event(f"more-{number}", *subjects) for number in range(98)], now=MORNING)
    assert counted(ledger) == {HARD: 97}


def test_who_uses_an_identity_and_who_sends_from_an_address_is_known(ledger: LedgerRoles) -> None:
    sender = sender_address(OREGON_IDENTITY, "no-reply@shop.example")
    assert sender is not None
    with_set = SenderAddress(identity=OREGON_IDENTITY, address="no-reply@shop.example", configuration_set="mail")
    for number in range(4, 0, -1):
        ledger.looks.put(a_look(a_pool(number), uses=(OREGON_IDENTITY.arn, sender.arn)))
    ledger.looks.put(a_look(a_pool(9), uses=(with_set.arn,)))

    assert ledger.resources_in_use.is_used(OREGON_IDENTITY)
    assert not ledger.resources_in_use.is_used(SET)
    assert ledger.resources_in_use.pools_sending(sender) == (a_pool(1), a_pool(2))
    assert ledger.resources_in_use.pools_sending(with_set) == (a_pool(9),)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 15), st.integers(0, 2)), max_size=12, unique_by=lambda each: each[0]),
        max_size=5,
    )
)
def test_whatever_comes_in_whichever_batches_each_event_is_counted_once(
    ledger: LedgerRoles, batches: list[list[tuple[int, int]]]
) -> None:
    pool, run = a_pool(next(NUMBERS) + 100), next(NUMBERS)
    subjects: tuple[tuple[Subject, ...], ...] = ((pool,), (pool, OREGON_IDENTITY), (pool, SET, OREGON_IDENTITY))
    known: set[str] = set()

    for batch in batches:
        events = [event(f"{run}-{number}", *subjects[kind]) for number, kind in batch]
        new = ledger.counters.count(events, now=MORNING)
        assert new == {each.key for each in events} - known
        known |= new

    assert sum(counted(ledger, pool).values()) == len(known)


@dataclass(slots=True)
class Troubled:
    """A client of DynamoDB whose transactions go wrong in the ways that those of AWS do."""

    client: "DynamoDBClient"
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None

    def transact_write_items(self, **arguments: Any) -> Any:  # noqa: ANN401 - passed on
        self.before()
        answer = self.client.transact_write_items(**arguments)
        self.after()
        return answer

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else is the client's
        return getattr(self.client, name)


def over(client: Troubled, *, sleep: Callable[[float], None] = at_once) -> LedgerInDynamoDB:
    return LedgerInDynamoDB(cast("DynamoDBClient", client), TABLE, sleep=sleep)


def conflict(code: str = "TransactionConflict") -> ClientError:
    reasons: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "canceled"},
        "CancellationReasons": [{"Code": "None"}, {"Code": code}],
    }
    return ClientError(reasons, "TransactWriteItems")


def once(do: Callable[[], object]) -> Callable[[], None]:
    """Something that happens the first time only."""
    left = [do]

    def happen() -> None:
        if left:
            left.pop()()

    return happen


def raising(error: Exception) -> Callable[[], None]:
    def happen() -> None:
        raise error

    return happen


def test_a_conflict_with_another_transaction_is_tried_again(dynamodb: "DynamoDBClient") -> None:
    ledger = over(Troubled(dynamodb, before=once(raising(conflict()))))

    assert ledger.counters.count([event("a")], now=MORNING) == {"a"}
    assert counted(ledger) == {HARD: 1}


def test_a_conflict_that_does_not_end_leaves_everything_uncounted(dynamodb: "DynamoDBClient") -> None:
    ledger = over(Troubled(dynamodb, before=raising(conflict())))

    with pytest.raises(Contended):
        ledger.counters.count([event("a")], now=MORNING)
    assert counted(ledger) == {}


def test_writers_that_get_in_each_others_way_come_back_after_growing_pauses(dynamodb: "DynamoDBClient") -> None:
    pauses: list[float] = []
    in_the_way = iter([conflict()] * 12)

    def happen() -> None:
        for error in in_the_way:
            raise error

    new = over(Troubled(dynamodb, before=happen), sleep=pauses.append).counters.count([event("a")], now=MORNING)

    assert new == {"a"}
    assert counted(over(Troubled(dynamodb))) == {HARD: 1}
    # Thirteen attempts, and the first three follow each other at once.
    assert len(pauses) == 10
    assert all(0 <= pause <= 0.2 for pause in pauses)


def test_any_other_reason_is_raised(dynamodb: "DynamoDBClient") -> None:
    ledger = over(Troubled(dynamodb, before=raising(conflict("ThrottlingError"))))

    with pytest.raises(ClientError, match="TransactionCanceledException"):
        ledger.counters.count([event("a")], now=MORNING)


def test_a_function_that_dies_after_the_transaction_has_counted_once(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    dies = over(Troubled(dynamodb, after=raising(TimeoutError("nobody hears the answer"))))

    with pytest.raises(TimeoutError):
        dies.counters.count([event("a"), event("b")], now=MORNING)
    again = dynamo_ledger.counters.count([event("a"), event("b"), event("c")], now=later(5))

    assert again == {"c"}
    assert counted(dynamo_ledger) == {HARD: 3}


def test_what_somebody_else_counts_meanwhile_is_left_out(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    meanwhile = once(lambda: dynamo_ledger.counters.count([event("b")], now=MORNING))
    ledger = over(Troubled(dynamodb, before=meanwhile))

    assert ledger.counters.count([event("a"), event("b")], now=MORNING) == {"a"}
    assert counted(dynamo_ledger) == {HARD: 2}


def test_markers_and_counts_forget_themselves(dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB) -> None:
    dynamo_ledger.counters.count([event("a")], now=MORNING)
    dynamo_ledger.counters.count([event("b")], now=later(10))

    items = dynamodb.scan(TableName=TABLE)["Items"]
    expire = {item["pk"]["S"].partition("#")[0]: int(item["expires_at"]["N"]) for item in items}
    assert expire["COUNTS"] == int((later(10) + timedelta(days=90)).timestamp())
    # SNS may try for 23 days, and a message may wait for 15.
    assert expire["SEEN"] > (MORNING + timedelta(days=38)).timestamp()
