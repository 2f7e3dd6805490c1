"""Races inside a call: whatever somebody else does between our read and our write, nothing is lost or left over."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pytest

from mailwarden.adapters.aws.dynamodb.table import Contended
from mailwarden.domain.refs.hints import WaitingLook
from mailwarden.message import message
from tests.fakes.deployment import cause
from tests.fakes.examples import (
    MORNING,
    OREGON_ACCOUNT,
    OREGON_IDENTITY,
    SEOUL_POOL,
    a_look,
    a_pool,
    a_record,
    key_of,
    later,
)
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.roles import put
from tests.fakes.records import changed
from tests.functional.ledger.conftest import TABLE, at_once
from tests.texts import says

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


PARIS_IDENTITY = replace(OREGON_IDENTITY, region="eu-west-3")
KEY = key_of(a_record())
ITEM = {"pk": {"S": f"FINDING#{SEOUL_POOL.arn}"}, "sk": {"S": "MW401"}}
WRITES = frozenset({"put_item", "update_item", "transact_write_items"})


@dataclass(slots=True)
class Meanwhile:
    """A client before whose next writes, up to ``times``, somebody else does something."""

    client: "DynamoDBClient"
    do: Callable[[], object]
    times: int = 1

    def __getattr__(self, name: str) -> object:
        if name in WRITES and self.times > 0:
            self.times -= 1
            self.do()
        return getattr(self.client, name)


def interrupted(client: "DynamoDBClient", do: Callable[[], object], *, times: int = 1) -> LedgerInDynamoDB:
    return LedgerInDynamoDB(cast("DynamoDBClient", Meanwhile(client, do, times)), TABLE, sleep=at_once)


def stored(client: "DynamoDBClient") -> dict[str, "AttributeValueTypeDef"]:
    return client.get_item(TableName=TABLE, Key=ITEM)["Item"]


def entries_of(client: "DynamoDBClient") -> set[tuple[str, str]]:
    items = client.scan(TableName=TABLE)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]) for item in items if item["pk"]["S"].startswith("USES#")}


def test_a_newer_look_that_comes_in_between_wins_and_the_index_is_its_own(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    newer = a_look(at=later(2), uses=(PARIS_IDENTITY.arn,))
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.looks.put(newer))

    kept = ledger.looks.put(a_look(at=later(1)))

    assert not kept
    assert dynamo_ledger.looks.last(SEOUL_POOL) == newer
    assert entries_of(dynamodb) == {(f"USES#{PARIS_IDENTITY.arn}", f"POOL#{SEOUL_POOL.arn}")}


def test_an_older_look_that_comes_in_between_leaves_nothing_in_the_index(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    dynamo_ledger.looks.put(a_look(at=later(0), uses=(OREGON_IDENTITY.arn,)))
    older = a_look(at=later(1), uses=(PARIS_IDENTITY.arn,))
    newer = a_look(at=later(2), uses=(OREGON_ACCOUNT.arn,))
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.looks.put(older))

    kept = ledger.looks.put(newer)

    assert kept
    assert dynamo_ledger.looks.last(SEOUL_POOL) == newer
    assert entries_of(dynamodb) == {(f"USES#{OREGON_ACCOUNT.arn}", f"POOL#{SEOUL_POOL.arn}")}


def test_a_look_that_relies_on_an_index_entry_does_not_lose_it_to_one_in_between(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    dynamo_ledger.looks.put(a_look(at=later(0), uses=(OREGON_IDENTITY.arn,)))
    between = a_look(at=later(1), uses=(PARIS_IDENTITY.arn,))
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.looks.put(between))

    ledger.looks.put(a_look(at=later(2), uses=(OREGON_IDENTITY.arn,)))

    assert entries_of(dynamodb) == {(f"USES#{OREGON_IDENTITY.arn}", f"POOL#{SEOUL_POOL.arn}")}


def test_a_look_during_the_forgetting_of_its_pool_is_forgotten_with_it(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    dynamo_ledger.looks.put(a_look(at=later(0)))
    between = a_look(at=later(1), uses=(PARIS_IDENTITY.arn,))
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.looks.put(between))

    ledger.looks.forget(SEOUL_POOL, at=later(2))

    assert dynamo_ledger.looks.last(SEOUL_POOL) is None
    assert entries_of(dynamodb) == set()


def test_a_look_that_comes_in_before_one_takes_the_place_of_the_last_stays_with_its_index(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    last, between = a_look(at=later(1)), a_look(at=later(2), uses=(OREGON_ACCOUNT.arn,))
    dynamo_ledger.looks.put(last)
    slow = interrupted(dynamodb, lambda: dynamo_ledger.looks.put(between))

    kept = slow.looks.replace(last, a_look(at=later(3), uses=(PARIS_IDENTITY.arn,)))

    assert not kept
    assert dynamo_ledger.looks.last(SEOUL_POOL) == between
    assert dynamo_ledger.resources_in_use.pools_using(OREGON_ACCOUNT) == (SEOUL_POOL,)
    assert dynamo_ledger.resources_in_use.pools_using(PARIS_IDENTITY) == ()


def test_an_announcement_that_comes_between_reading_and_putting_is_kept(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    put(dynamo_ledger, a_record())
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.findings.mark_announced(KEY, channels=("topic",), version=1))

    put(ledger, a_record(revision=2, version=2))

    assert dynamo_ledger.findings.read(KEY) == a_record(revision=2, version=2, announced={"topic": 1})


def test_a_new_version_that_comes_between_telling_and_marking_still_awaits(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    put(dynamo_ledger, a_record(announced={"chat": 1}))
    newer = a_record(revision=2, version=2, announced={"chat": 1})
    ledger = interrupted(dynamodb, lambda: put(dynamo_ledger, newer))

    ledger.findings.mark_announced(KEY, channels=("topic",), version=1)

    assert dynamo_ledger.findings.read(KEY) == changed(newer, announced={"chat": 1, "topic": 1})
    assert stored(dynamodb)["awaiting"] == {"S": "yes"}


def test_two_channels_marked_at_once_are_both_marked(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    put(dynamo_ledger, a_record())
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.findings.mark_announced(KEY, channels=("chat",), version=1))

    ledger.findings.mark_announced(KEY, channels=("topic",), version=1)

    assert dynamo_ledger.findings.read(KEY) == a_record(announced={"chat": 1, "topic": 1})
    assert "awaiting" not in stored(dynamodb)


def test_a_change_that_is_always_overtaken_gives_up_loudly(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    put(dynamo_ledger, a_record())
    revisions = iter(range(2, 100))
    ledger = interrupted(dynamodb, lambda: put(dynamo_ledger, a_record(revision=next(revisions))), times=90)

    with pytest.raises(Contended, check=says(r"arn:aws:cognito-idp:.* MW401 was changed by others 20 times")):
        ledger.findings.update(
            KEY, lambda current: current and changed(current, revision=current.lifecycle.revision + 1)
        )


def test_gives_up_loudly_when_somebody_is_always_faster(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    minutes = iter(range(1, 100))
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.looks.put(a_look(at=later(next(minutes)))), times=90)

    with pytest.raises(Contended, check=says(r"look arn:aws:cognito-idp:.* was changed by others 20 times")):
        ledger.looks.put(a_look(at=later(1000)))


def test_two_writes_that_are_charged_at_the_same_moment_both_count(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    def another() -> None:
        dynamo_ledger.budgets.charge(a_pool(2), entry_id="entry-2", cause_id=None, at=MORNING)

    interrupted(dynamodb, another).budgets.charge(SEOUL_POOL, entry_id="entry-1", cause_id=None, at=MORNING)

    spent = dynamo_ledger.budgets.spent(SEOUL_POOL, cause_id=None, now=MORNING, per_account=2, per_pool=9)
    assert spent == message("budget.account-spent", limit=2)


def test_a_look_that_is_put_off_joins_one_that_another_process_let_wait_in_its_place(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    ours = WaitingLook(pool=SEOUL_POOL, wanted_at=MORNING, due=later(3), causes=(cause(event_id="ours"),))
    theirs = replace(ours, causes=(cause(event_id="theirs"),), due=later(1))
    writes: list[str] = []

    def before_the_second() -> None:
        writes.append("one")
        if len(writes) == 2:
            dynamo_ledger.waiting.put(theirs, now=MORNING)

    interrupted(dynamodb, before_the_second, times=2).waiting.postpone(ours)

    kept = dynamo_ledger.waiting.read([SEOUL_POOL])[SEOUL_POOL]
    assert isinstance(kept, WaitingLook)
    assert (kept.causes, kept.due) == (theirs.causes, ours.due)


def test_a_hint_that_comes_in_between_keeps_its_call_although_another_takes_the_place_of_a_repeated_one(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    again = tuple(cause(event_id=f"again-{number}", at=later(number)) for number in range(20))
    look = WaitingLook(pool=SEOUL_POOL, wanted_at=MORNING, due=later(3), causes=again)
    dynamo_ledger.waiting.put(look, now=MORNING)
    theirs = cause("TagResource", event_id="theirs")
    ledger = interrupted(
        dynamodb, lambda: dynamo_ledger.waiting.join([SEOUL_POOL], cause=theirs, anew=True, now=later(1))
    )

    ledger.waiting.join([SEOUL_POOL], cause=cause(event_id="last", at=later(30)), anew=True, now=later(1))

    kept = dynamo_ledger.waiting.read([SEOUL_POOL])[SEOUL_POOL]
    assert isinstance(kept, WaitingLook)
    assert {"theirs", "last"} <= {call.event_id for call in kept.causes}
