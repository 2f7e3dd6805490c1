"""A journal table as the template defines it, in an emulator, and journals over it and in memory."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.ports.repair.journal import Journal
from tests.fakes.journal import InMemoryJournal
from tests.functional.tables import create_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "journal"


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator["DynamoDBClient"]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        create_table(client, "JournalTable", name=TABLE)
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
