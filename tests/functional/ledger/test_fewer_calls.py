"""How few calls the ledger makes of DynamoDB, and that nothing is lost by it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.refs.finding_key import FindingKey
from tests.fakes.examples import MORNING, OREGON_ACCOUNT, a_pool, a_record, later
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.roles import LedgerRoles, put
from tests.fakes.records import changed
from tests.functional.ledger.conftest import TABLE
from tests.functional.ledger.test_garbled_items import garble

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

RULES = ("MW501", "MW502", "MW503")
KEYS = tuple(FindingKey(subject_arn=OREGON_ACCOUNT.arn, rule_id=rule) for rule in RULES)
POOL = a_pool(1)


@dataclass(slots=True)
class _Calls:
    client: "DynamoDBClient"
    made: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def counted(self) -> Iterator[Counter[str]]:
        def note(model: object, **_: object) -> None:
            self.made[model.name] += 1  # type: ignore[attr-defined] # botocore's OperationModel

        events = self.client.meta.events
        events.register("before-call.dynamodb", note)
        yield self.made
        events.unregister("before-call.dynamodb", note)


def held(rule: str) -> FindingRecord:
    return replace(
        a_record(subject=OREGON_ACCOUNT), finding=replace(a_record(subject=OREGON_ACCOUNT).finding, rule_id=rule)
    )


def ended(record: FindingRecord | None) -> FindingRecord | None:
    return record and changed(record, state=FindingState.RESOLVED)


def ended_or_put(key: FindingKey) -> Callable[[FindingRecord | None], FindingRecord]:
    """A change that always stores something, as a look does with what it found."""
    return lambda current: ended(current) or held(key.rule_id)


def test_findings_that_a_look_asks_for_are_read_in_one_call(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    for rule in RULES[:2]:
        put(dynamo_ledger, held(rule))

    with _Calls(dynamodb).counted() as calls:
        seen = dynamo_ledger.findings.seen_from(POOL, asks=KEYS)
        records = [seen.update(key, lambda _: None) for key in KEYS]

    assert [record and record.finding.rule_id for record in records] == [*RULES[:2], None]
    assert calls == {"BatchGetItem": 1}


def test_what_was_stored_after_findings_were_read_together_is_not_lost(ledger: LedgerRoles) -> None:
    for rule in RULES[:2]:
        put(ledger, held(rule))
    seen = ledger.findings.seen_from(POOL, asks=KEYS)
    for key in KEYS[:2]:
        ledger.findings.mark_announced(key, channels=["chat"], version=1)
    put(ledger, held(RULES[2]))

    records = [seen.update(key, ended_or_put(key)) for key in KEYS]

    assert [record and record.lifecycle.state for record in records] == [FindingState.RESOLVED] * 3
    assert [dict(ledger.findings.read(key).lifecycle.announced)["chat"] for key in KEYS[:2]] == [1, 1]  # type: ignore[union-attr]


def test_a_second_update_reads_again(ledger: LedgerRoles) -> None:
    put(ledger, held(RULES[0]))
    seen = ledger.findings.seen_from(POOL, asks=KEYS)
    seen.update(KEYS[0], lambda _: None)
    ledger.findings.update(KEYS[0], ended)

    record = seen.update(KEYS[0], lambda _: None)

    assert record is not None
    assert record.lifecycle.state is FindingState.RESOLVED


def test_a_garbled_finding_costs_those_that_are_read_with_it_nothing(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    for rule in RULES:
        put(dynamo_ledger, held(rule))
    garble(dynamodb, f"FINDING#{OREGON_ACCOUNT.arn}", RULES[1])

    seen = dynamo_ledger.findings.seen_from(POOL, asks=KEYS)

    assert seen.update(KEYS[0], lambda _: None) == held(RULES[0])
    with pytest.raises(MalformedDocument):
        seen.update(KEYS[1], lambda _: None)
    assert seen.update(KEYS[2], lambda _: None) == held(RULES[2])


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(seconds=5)], ids=["in a flood", "now and then"])
def test_a_place_in_a_schedule_costs_one_call_when_the_next_is_as_the_last(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB, apart: timedelta
) -> None:
    places = [dynamo_ledger.shares.reserve("a", places=1, every=timedelta(seconds=1), now=MORNING)]

    with _Calls(dynamodb).counted() as calls:
        places += [
            dynamo_ledger.shares.reserve("a", places=1, every=timedelta(seconds=1), now=MORNING + number * apart)
            for number in range(1, 9)
        ]

    assert calls == {"UpdateItem": 8}
    assert places == [MORNING + number * max(apart, timedelta(seconds=1)) for number in range(9)]


def test_a_process_that_expects_another_schedule_gets_its_place_all_the_same(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    one, other = dynamo_ledger.shares, LedgerInDynamoDB(dynamodb, TABLE).shares
    apart = timedelta(minutes=10)
    one.reserve("a", places=1, every=apart, now=MORNING)

    # The other one took the schedule far ahead, and then it was idle for long.
    assert other.reserve("a", places=1, every=apart, now=MORNING) == later(10)
    assert one.reserve("a", places=1, every=apart, now=later(12)) == later(20)
    assert other.reserve("a", places=1, every=apart, now=later(15)) == later(30)
    assert one.reserve("a", places=1, every=apart, now=later(99)) == later(99)
