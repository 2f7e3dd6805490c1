"""Whether the records of a region show EmailConfiguration: learned once, by the first call that names it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.inspection.email_records import DynamoEmailRecords
from mailwarden.domain.refs.causes import Cause
from tests.builders import NOON
from tests.functional.ledger.conftest import TABLE, at_once

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def records(client: "DynamoDBClient") -> DynamoEmailRecords:
    """As a process that begins has them."""
    return DynamoEmailRecords(table=Table(client=client, name=TABLE, sleep=at_once))


def call(number: int, region: str = "eu-west-1") -> Cause:
    return Cause(
        event_name="UpdateUserPool",
        event_id=f"e-{number}",
        actor="alice",
        user_agent="",
        region=region,
        at=NOON + timedelta(minutes=number),
    )


def test_a_region_is_learned_for_every_process_and_the_first_call_stays(dynamodb: "DynamoDBClient") -> None:
    first, second = records(dynamodb), records(dynamodb)
    assert not first.are_shown("eu-west-1")

    first.remember(call(1))
    second.remember(call(2))

    for each in (first, second, records(dynamodb)):
        assert each.are_shown("eu-west-1")
        assert not each.are_shown("eu-west-2")
    items = dynamodb.scan(TableName=TABLE)["Items"]
    assert [item["event_id"]["S"] for item in items] == ["e-1"]


def test_a_process_asks_for_a_region_until_it_is_known(dynamodb: "DynamoDBClient") -> None:
    asking, learning = records(dynamodb), records(dynamodb)
    assert not asking.are_shown("eu-west-1")

    learning.remember(call(1))

    assert asking.are_shown("eu-west-1")
