"""A journal table as the template defines it, in an emulator, and journals over it and in memory."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.ports.repair.journal import Journal
from tests.fakes.journal import InMemoryJournal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "journal"


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator["DynamoDBClient"]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "resource", "at", "month")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by_month",
                    "KeySchema": [
                        {"AttributeName": "month", "KeyType": "HASH"},
                        {"AttributeName": "at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                },
                {
                    "IndexName": "by_resource",
                    "KeySchema": [
                        {"AttributeName": "resource", "KeyType": "HASH"},
                        {"AttributeName": "at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                },
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


@pytest.fixture
def dynamo_journal(dynamodb: "DynamoDBClient") -> DynamoJournal:
    return DynamoJournal(dynamodb, TABLE)


@pytest.fixture(params=["in memory", "in DynamoDB"])
def journal(request: pytest.FixtureRequest) -> Journal:
    """Both keep the same promises: a test that asks for it runs against each."""
    if request.param == "in memory":
        return InMemoryJournal()
    found: DynamoJournal = request.getfixturevalue("dynamo_journal")
    return found
