"""A ledger table as the template defines it, in an emulator, and ledgers over it and in memory."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.roles import LedgerRoles
from tests.functional.tables import create_table

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
        create_table(client, "LedgerTable", name=TABLE)
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
