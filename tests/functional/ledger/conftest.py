"""A ledger table as the template defines it, in an emulator, and ledgers over it and in memory."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.roles import LedgerRoles

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "ledger"


def at_once(_: float) -> None:
    """Do not wait between two attempts."""


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
                {"AttributeName": name, "AttributeType": "S"}
                for name in ("pk", "sk", "awaiting", "announce_after", "open", "opened_at", "fix_resource", "fix_turn")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "awaiting",
                    "KeySchema": [
                        {"AttributeName": "awaiting", "KeyType": "HASH"},
                        {"AttributeName": "announce_after", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                },
                {
                    "IndexName": "open",
                    "KeySchema": [
                        {"AttributeName": "open", "KeyType": "HASH"},
                        {"AttributeName": "opened_at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                },
                {
                    "IndexName": "fixes",
                    "KeySchema": [
                        {"AttributeName": "fix_resource", "KeyType": "HASH"},
                        {"AttributeName": "fix_turn", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                },
            ],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        yield client


@pytest.fixture
def dynamo_ledger(dynamodb: "DynamoDBClient") -> LedgerInDynamoDB:
    return LedgerInDynamoDB(dynamodb, TABLE)


@pytest.fixture(params=["in memory", "in DynamoDB"])
def ledger(request: pytest.FixtureRequest) -> LedgerRoles:
    """Both keep the same promises: a test that asks for it runs against each."""
    if request.param == "in memory":
        return InMemoryLedger()
    found: LedgerInDynamoDB = request.getfixturevalue("dynamo_ledger")
    return found
