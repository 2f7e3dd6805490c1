"""What the ledger promises about the threads of incidents in the chat: the same in memory and in DynamoDB."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.incidents.chat_thread import ChatThread
from tests.fakes.examples import MORNING, later
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.roles import LedgerRoles
from tests.functional.ledger.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CLAIM = ChatThread(incident="i-1", opened_at=MORNING, channel="C012345678", ts=None, version=1, told=0, pools=3)
BEGUN = replace(CLAIM, ts="1772452781.000100", told=1)


def test_a_thread_is_found_as_it_was_stored_last(ledger: LedgerRoles) -> None:
    before = ledger.chat_threads.find("i-1")
    claimed = ledger.chat_threads.store(CLAIM, replaces=None, now=MORNING)
    claim = ledger.chat_threads.find("i-1")

    begun = ledger.chat_threads.store(BEGUN, replaces=CLAIM, now=later(1))

    assert (before, claimed, claim, begun) == (None, True, CLAIM, True)
    assert ledger.chat_threads.find("i-1") == BEGUN
    assert ledger.chat_threads.find("i-2") is None


@pytest.mark.parametrize(
    "expected",
    [
        None,
        CLAIM,
        replace(BEGUN, version=2),
        replace(BEGUN, told=0),
        replace(BEGUN, ts="1772452781.000200"),
        replace(BEGUN, channel="C999999999"),
        replace(BEGUN, opened_at=later(1)),
    ],
)
def test_a_thread_that_another_process_changed_is_left_as_it_is(
    ledger: LedgerRoles, expected: ChatThread | None
) -> None:
    ledger.chat_threads.store(BEGUN, replaces=None, now=MORNING)

    stored = ledger.chat_threads.store(replace(BEGUN, version=9), replaces=expected, now=later(1))

    assert not stored
    assert ledger.chat_threads.find("i-1") == BEGUN


def test_a_thread_that_is_not_there_is_not_replaced(ledger: LedgerRoles) -> None:
    assert not ledger.chat_threads.store(BEGUN, replaces=CLAIM, now=MORNING)

    assert ledger.chat_threads.find("i-1") is None


def test_a_thread_expires_90_days_after_it_was_stored(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    dynamo_ledger.chat_threads.store(CLAIM, replaces=None, now=MORNING)

    dynamo_ledger.chat_threads.store(BEGUN, replaces=CLAIM, now=later(60))

    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    assert item["pk"] == {"S": "CHAT#i-1"}, "the permission of the function slack names this beginning"
    assert item["expires_at"] == {"N": str(int(later(60).timestamp()) + 90 * 86_400)}


def test_a_thread_that_cannot_be_read_is_no_new_incident(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    dynamodb.put_item(TableName=TABLE, Item={"pk": {"S": "CHAT#i-1"}, "sk": {"S": "THREAD"}, "format": {"N": "1"}})

    with pytest.raises(MalformedDocument):
        dynamo_ledger.chat_threads.find("i-1")
