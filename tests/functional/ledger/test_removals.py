"""What the ledger remembers of removals: who comes second is told so, in memory as in the table."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.operator.removal import Progress, Removal
from mailwarden.ports.operator.removals import Removals
from tests.fakes.examples import OREGON_ACCOUNT, later
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.roles import LedgerRoles
from tests.functional.ledger.conftest import TABLE
from tests.texts import says

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

DIGEST = "0f" * 32
BEGUN = Removal(
    account=OREGON_ACCOUNT, address_digest=DIGEST, entry_id="entry-1", begun_at=later(0), progress=Progress.BEGUN
)
DONE = replace(BEGUN, progress=Progress.DONE)
NEXT = replace(BEGUN, entry_id="entry-2", begun_at=later(60 * 24 * 8))


@pytest.fixture
def dynamo_removals(dynamo_ledger: LedgerInDynamoDB) -> Removals:
    return dynamo_ledger.removals


@pytest.fixture
def removals(ledger: LedgerRoles) -> Removals:
    return ledger.removals


def test_knows_nothing_of_an_address_that_nobody_removed(removals: Removals) -> None:
    assert removals.last(OREGON_ACCOUNT, DIGEST) is None


def test_gives_a_removal_back_as_it_was_put(removals: Removals) -> None:
    assert removals.put(BEGUN, replaces=None)

    assert removals.last(OREGON_ACCOUNT, DIGEST) == BEGUN
    assert removals.last(OREGON_ACCOUNT, "aa" * 32) is None
    assert removals.last(replace(OREGON_ACCOUNT, region="eu-west-1"), DIGEST) is None


def test_of_two_that_begin_at_once_the_second_is_told_so(removals: Removals) -> None:
    removals.put(BEGUN, replaces=None)

    assert not removals.put(replace(BEGUN, entry_id="entry-2"), replaces=None)
    assert removals.last(OREGON_ACCOUNT, DIGEST) == BEGUN


def test_the_same_put_sent_twice_is_one(removals: Removals) -> None:
    removals.put(BEGUN, replaces=None)

    assert removals.put(BEGUN, replaces=None)


def test_goes_on_only_from_what_is_stored(removals: Removals) -> None:
    removals.put(BEGUN, replaces=None)

    assert not removals.put(NEXT, replaces=DONE)
    assert removals.put(DONE, replaces=BEGUN)
    assert removals.put(NEXT, replaces=DONE)
    assert not removals.put(DONE, replaces=BEGUN)
    assert removals.last(OREGON_ACCOUNT, DIGEST) == NEXT


def test_what_is_kept_goes_by_itself_after_a_while(dynamodb: "DynamoDBClient", dynamo_removals: Removals) -> None:
    dynamo_removals.put(BEGUN, replaces=None)

    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    days = (int(item["expires_at"]["N"]) - later(0).timestamp()) / 86_400
    assert 7 < days < 60


def test_says_what_is_wrong_with_a_garbled_item_and_where(
    dynamodb: "DynamoDBClient", dynamo_removals: Removals
) -> None:
    dynamo_removals.put(BEGUN, replaces=None)
    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    dynamodb.put_item(TableName=TABLE, Item={**item, "progress": {"S": "half"}})

    with pytest.raises(MalformedDocument, check=says(r"REMOVED#.*progress is 'half', not one of begun, done, undone")):
        dynamo_removals.last(OREGON_ACCOUNT, DIGEST)
