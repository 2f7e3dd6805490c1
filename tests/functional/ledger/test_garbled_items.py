"""An item that cannot be read is named, and keeps no item beside it from being read."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailwarden.adapters.aws.dynamodb.items import members_of, values_of
from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.reputation.feedback import Figures
from mailwarden.domain.reputation.time_series import Slot
from tests.fakes.examples import MORNING, OREGON_ACCOUNT, OREGON_IDENTITY, a_look, a_pool, a_record, key_of, later
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.roles import put
from tests.functional.ledger.conftest import TABLE
from tests.texts import says

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

A, B, C = a_pool(1), a_pool(2), a_pool(3)


def garble(client: "DynamoDBClient", partition: str, sort_key: str | None = None) -> None:
    """Replace what the items of a partition hold, or the one of a sort key, but for its key."""
    items = client.scan(TableName=TABLE)["Items"]
    found = [item for item in items if item["pk"]["S"].startswith(partition) and sort_key in {None, item["sk"]["S"]}]
    assert found
    for item in found:
        client.put_item(TableName=TABLE, Item={"pk": item["pk"], "sk": item["sk"], **values_of({"format": 1, "x": 1})})


def looked_at(ledger: LedgerInDynamoDB) -> None:
    for each in (A, B, C):
        ledger.looks.put(a_look(each))


def asked_for(ledger: LedgerInDynamoDB) -> None:
    for each in (A, B, C):
        ledger.known_pools.remember_gone(each, at=MORNING)


@pytest.mark.parametrize(
    ("put_all", "sort_key", "read"),
    [
        (looked_at, "LOOK", lambda ledger: ledger.looks.last_of([A, B, C])),
        (asked_for, "GONE", lambda ledger: ledger.known_pools.gone(frozenset({A, B, C}))),
    ],
    ids=["looks", "gone"],
)
def test_what_is_known_of_other_pools_is_read_all_the_same(
    dynamodb: "DynamoDBClient",
    dynamo_ledger: LedgerInDynamoDB,
    put_all: Callable[[LedgerInDynamoDB], None],
    sort_key: str,
    read: Callable[[LedgerInDynamoDB], Mapping[PoolRef, object]],
) -> None:
    put_all(dynamo_ledger)
    garble(dynamodb, f"POOL#{B.arn}", sort_key)

    assert set(read(dynamo_ledger)) == {A, C}
    assert [B.arn in reason for reason in dynamo_ledger.corrupt] == [True]


def test_the_reverse_index_is_read_from_its_keys(dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB) -> None:
    for each in (A, B, C):
        dynamo_ledger.looks.put(a_look(each))
    garble(dynamodb, f"USES#{OREGON_IDENTITY.arn}", f"POOL#{B.arn}")

    assert dynamo_ledger.resources_in_use.pools_using(OREGON_IDENTITY) == (A, B, C)
    assert dynamo_ledger.corrupt == []


def test_a_region_whose_sweep_is_garbled_counts_as_never_swept_and_is_mended_by_the_next_sweep(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    dynamo_ledger.known_pools.mark_swept("eu-west-1", at=MORNING)
    garble(dynamodb, "SWEEP#eu-west-1")

    unknown = dynamo_ledger.known_pools.swept_at("eu-west-1")
    dynamo_ledger.known_pools.mark_swept("eu-west-1", at=later(60))

    assert unknown is None
    assert ["SWEEP#eu-west-1" in reason for reason in dynamo_ledger.corrupt] == [True]
    assert dynamo_ledger.known_pools.swept_at("eu-west-1") == later(60)


def test_a_slot_of_a_series_that_is_garbled_is_missing_and_can_be_put_again(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    slots = tuple(Slot(at=MORNING + number * timedelta(minutes=15), figures=Figures(sends=1.0)) for number in range(3))
    dynamo_ledger.series.put(OREGON_ACCOUNT, slots)
    garble(dynamodb, "SERIES#", _second(dynamodb))

    left = dynamo_ledger.series.since(OREGON_ACCOUNT, MORNING)
    dynamo_ledger.series.put(OREGON_ACCOUNT, slots[1:2])

    assert left == (slots[0], slots[2])
    assert len(dynamo_ledger.corrupt) == 1
    assert dynamo_ledger.series.since(OREGON_ACCOUNT, MORNING) == slots


def test_a_finding_is_told_although_one_of_its_pools_is_garbled(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    pools = [a_pool(number) for number in range(30)]
    record = a_record(subject=OREGON_ACCOUNT, affected={each.arn: MORNING for each in pools})
    put(dynamo_ledger, record)
    apart = sorted(each.arn for each in pools)[25]
    garble(dynamodb, "AFFECTED#", apart)

    read = dynamo_ledger.findings.read(key_of(record))

    assert read is not None
    assert set(read.lifecycle.affected) == {each.arn for each in pools} - {apart}
    assert read.lifecycle.affected_count == 30
    assert [apart in reason for reason in dynamo_ledger.corrupt] == [True]


def test_what_is_known_of_the_pool_itself_is_not_left_out(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    dynamo_ledger.looks.put(a_look(A))
    garble(dynamodb, f"POOL#{A.arn}", "LOOK")

    with pytest.raises(MalformedDocument, check=says(A.pool_id)):
        dynamo_ledger.pool_records.read(A)


def _second(client: "DynamoDBClient") -> str:
    items = client.scan(TableName=TABLE)["Items"]
    return sorted(members_of(item).text("sk") for item in items)[1]
