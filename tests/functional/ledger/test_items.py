"""What only the table knows: items of other versions, garbled items, streams, pages, what expires."""

from typing import TYPE_CHECKING

import pytest

from mailwarden.adapters.ledger.codec import finding_from_image
from mailwarden.documents.reader import MalformedDocument
from tests.fakes.examples import (
    MORNING,
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
from tests.functional.ledger.conftest import TABLE
from tests.texts import says, sentence

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from mailwarden.domain.findings.record import FindingRecord

KEY = key_of(a_record())
ITEM = {"pk": {"S": f"FINDING#{SEOUL_POOL.arn}"}, "sk": {"S": "MW401"}}


def stored(client: "DynamoDBClient") -> dict[str, "AttributeValueTypeDef"]:
    return client.get_item(TableName=TABLE, Key=ITEM)["Item"]


def test_only_what_awaits_carries_the_key_of_the_index(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    put(dynamo_ledger, a_record())
    before = stored(dynamodb)

    for channel in ("topic", "chat"):
        dynamo_ledger.findings.mark_announced(KEY, channels=(channel,), version=1)

    assert before["awaiting"] == {"S": "yes"}
    assert "awaiting" not in stored(dynamodb)


def test_budgets_and_marks_of_gone_pools_expire_and_nothing_else_does(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    dynamo_ledger.looks.put(a_look())
    put(dynamo_ledger, a_record())
    dynamo_ledger.known_pools.mark_swept("eu-west-1", at=MORNING)
    dynamo_ledger.budgets.charge(SEOUL_POOL, entry_id="entry-1", cause_id=None, at=MORNING)
    dynamo_ledger.looks.forget(a_pool(9), at=MORNING)

    items = dynamodb.scan(TableName=TABLE)["Items"]

    expiring = {item["pk"]["S"] for item in items if "expires_at" in item}
    assert expiring == {"BUDGET#111122223333", f"BUDGET#{SEOUL_POOL.arn}", "CHARGED#entry-1", f"POOL#{a_pool(9).arn}"}
    assert all(int(item["expires_at"]["N"]) > MORNING.timestamp() for item in items if "expires_at" in item)


def test_reads_the_image_of_a_finding_from_the_stream(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    put(dynamo_ledger, a_record())

    assert finding_from_image(stored(dynamodb)) == a_record()


def test_images_of_other_items_are_none_of_its_business(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    dynamo_ledger.looks.put(a_look())
    dynamo_ledger.known_pools.mark_swept("eu-west-1", at=MORNING)
    dynamo_ledger.budgets.charge(SEOUL_POOL, entry_id="entry-1", cause_id=None, at=MORNING)

    images = dynamodb.scan(TableName=TABLE)["Items"]

    assert len(images) == 9
    assert [finding_from_image(image) for image in images] == [None] * 9
    assert finding_from_image({}) is None


def test_members_that_a_later_version_added_are_ignored(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    put(dynamo_ledger, a_record())
    dynamodb.put_item(TableName=TABLE, Item={**stored(dynamodb), "digest_of": {"M": {"ratio": {"N": "0.5"}}}})

    assert dynamo_ledger.findings.read(KEY) == a_record()


def test_a_finding_that_was_stored_without_its_pool_is_read(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    put(dynamo_ledger, a_record())
    before = {name: value for name, value in stored(dynamodb).items() if name != "seen_from"}
    dynamodb.put_item(TableName=TABLE, Item=before)

    assert dynamo_ledger.findings.read(KEY) == changed(a_record(), pool=None)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"format": {"N": "2"}}, "has format 2; this version reads 1"),
        ({"format": None}, "format is missing"),
        ({"version": {"S": "one"}}, "version is 'one', not a whole number"),
        ({"version": {"N": "1.5"}}, r"version is 1\.5, not a whole number"),
        ({"revision": {"BOOL": True}}, "revision is True, not a whole number"),
        ({"severity": {"S": "dire"}}, "severity is 'dire', not one of low, medium, high, critical"),
        ({"state": {"S": "closed"}}, "state is 'closed', not one of open, repaired, resolved, exempt"),
        ({"opened_at": {"S": "yesterday"}}, "opened_at is 'yesterday', not an ISO 8601 time"),
        ({"evidence": {"L": []}}, "evidence is a list, not an object"),
        ({"evidence": {"M": {"who": {"BOOL": True}}}}, "evidence: true and false are not arguments of a message"),
        ({"affected": {"M": {"nonsense": {"N": "1"}}}}, "'nonsense' names no pool"),
        ({"subject": {"S": "arn:aws:s3:::bucket"}}, "subject: .* names neither a user pool"),
        ({"message": None}, "message: a message is an object with the members id and args"),
    ],
)
def test_says_what_is_wrong_with_a_garbled_item_and_where(
    dynamodb: "DynamoDBClient",
    dynamo_ledger: LedgerInDynamoDB,
    changes: dict[str, "AttributeValueTypeDef | None"],
    complaint: str,
) -> None:
    put(dynamo_ledger, a_record())
    item = {**stored(dynamodb), **changes}
    dynamodb.put_item(TableName=TABLE, Item={name: value for name, value in item.items() if value is not None})

    with pytest.raises(MalformedDocument, check=says(complaint)) as caught:
        dynamo_ledger.findings.read(KEY)
    assert sentence(caught.value).startswith(f"FINDING#{SEOUL_POOL.arn} / MW401")


def test_a_garbled_finding_keeps_no_other_from_being_told(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    others = [a_record(subject=a_pool(number), announce_after=later(number)) for number in (2, 3)]
    for record in (a_record(), *others):
        put(dynamo_ledger, record)
    dynamodb.put_item(TableName=TABLE, Item={**stored(dynamodb), "state": {"S": "closed"}})

    told: list[FindingRecord] = []
    with pytest.raises(MalformedDocument, check=says(r"MW401\.state is 'closed'")):
        told.extend(dynamo_ledger.findings.awaiting_announcement(now=later(9)))

    assert told == others


def test_finds_every_pool_when_the_answer_comes_in_pages(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    pools = tuple(a_pool(number) for number in range(1, 9))
    for pool in pools:
        dynamo_ledger.looks.put(a_look(pool, uses=(OREGON_IDENTITY.arn,)))
        entry = {"pk": {"S": f"USES#{OREGON_IDENTITY.arn}"}, "sk": {"S": f"POOL#{pool.arn}"}}
        known = dynamodb.get_item(TableName=TABLE, Key=entry)["Item"]
        dynamodb.put_item(TableName=TABLE, Item={**known, "padding": {"S": "x" * 300_000}})
    first_page = dynamodb.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"USES#{OREGON_IDENTITY.arn}"}},
    )

    using = dynamo_ledger.resources_in_use.pools_using(OREGON_IDENTITY)

    assert "LastEvaluatedKey" in first_page
    assert using == pools
