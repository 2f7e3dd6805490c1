"""What only the table knows: races inside a call, items of other versions, garbled items, streams, pages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pytest

from mailwarden.adapters.dynamo_table import Contended
from mailwarden.adapters.ledger import DynamoLedger
from mailwarden.adapters.ledger_records import finding_from_image
from mailwarden.domain.documents import MalformedDocument
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
from tests.functional.ledger.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from mailwarden.domain.records import FindingRecord

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


def interrupted(client: "DynamoDBClient", do: Callable[[], object], *, times: int = 1) -> DynamoLedger:
    return DynamoLedger(cast("DynamoDBClient", Meanwhile(client, do, times)), TABLE)


def stored(client: "DynamoDBClient") -> dict[str, "AttributeValueTypeDef"]:
    return client.get_item(TableName=TABLE, Key=ITEM)["Item"]


def entries_of(client: "DynamoDBClient") -> set[tuple[str, str]]:
    items = client.scan(TableName=TABLE)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]) for item in items if item["pk"]["S"].startswith("USES#")}


def test_a_newer_look_that_comes_in_between_wins_and_the_index_is_its_own(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    newer = a_look(at=later(2), uses=(PARIS_IDENTITY.arn,))
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.put_look(newer))

    kept = ledger.put_look(a_look(at=later(1)))

    assert not kept
    assert dynamo_ledger.last_look(SEOUL_POOL) == newer
    assert entries_of(dynamodb) == {(f"USES#{PARIS_IDENTITY.arn}", f"POOL#{SEOUL_POOL.arn}")}


def test_an_older_look_that_comes_in_between_leaves_nothing_in_the_index(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    dynamo_ledger.put_look(a_look(at=later(0), uses=(OREGON_IDENTITY.arn,)))
    older = a_look(at=later(1), uses=(PARIS_IDENTITY.arn,))
    newer = a_look(at=later(2), uses=(OREGON_ACCOUNT.arn,))
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.put_look(older))

    kept = ledger.put_look(newer)

    assert kept
    assert dynamo_ledger.last_look(SEOUL_POOL) == newer
    assert entries_of(dynamodb) == {(f"USES#{OREGON_ACCOUNT.arn}", f"POOL#{SEOUL_POOL.arn}")}


def test_a_look_that_relies_on_an_index_entry_does_not_lose_it_to_one_in_between(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    dynamo_ledger.put_look(a_look(at=later(0), uses=(OREGON_IDENTITY.arn,)))
    between = a_look(at=later(1), uses=(PARIS_IDENTITY.arn,))
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.put_look(between))

    ledger.put_look(a_look(at=later(2), uses=(OREGON_IDENTITY.arn,)))

    assert entries_of(dynamodb) == {(f"USES#{OREGON_IDENTITY.arn}", f"POOL#{SEOUL_POOL.arn}")}


def test_a_look_during_the_forgetting_of_its_pool_is_forgotten_with_it(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    dynamo_ledger.put_look(a_look(at=later(0)))
    between = a_look(at=later(1), uses=(PARIS_IDENTITY.arn,))
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.put_look(between))

    ledger.forget_pool(SEOUL_POOL, at=later(2))

    assert dynamo_ledger.last_look(SEOUL_POOL) is None
    assert entries_of(dynamodb) == set()


def test_an_announcement_that_comes_between_reading_and_putting_is_kept(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    dynamo_ledger.put_finding(a_record(), replaces=None)
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.mark_announced(KEY, channel="topic", version=1))

    kept = ledger.put_finding(a_record(revision=2, version=2), replaces=1)

    found = dynamo_ledger.finding(KEY)
    assert kept
    assert found == a_record(revision=2, version=2, announced={"topic": 1})


def test_a_new_version_that_comes_between_telling_and_marking_still_awaits(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    dynamo_ledger.put_finding(a_record(announced={"chat": 1}), replaces=None)
    newer = a_record(revision=2, version=2, announced={"chat": 1})
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.put_finding(newer, replaces=1))

    ledger.mark_announced(KEY, channel="topic", version=1)

    assert dynamo_ledger.finding(KEY) == replace(newer, announced={"chat": 1, "topic": 1})
    assert stored(dynamodb)["awaiting"] == {"S": "yes"}


def test_two_channels_marked_at_once_are_both_marked(dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger) -> None:
    dynamo_ledger.put_finding(a_record(), replaces=None)
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.mark_announced(KEY, channel="chat", version=1))

    ledger.mark_announced(KEY, channel="topic", version=1)

    assert dynamo_ledger.finding(KEY) == a_record(announced={"chat": 1, "topic": 1})
    assert "awaiting" not in stored(dynamodb)


def test_gives_up_loudly_when_somebody_is_always_faster(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    minutes = iter(range(1, 100))
    ledger = interrupted(dynamodb, lambda: dynamo_ledger.put_look(a_look(at=later(next(minutes)))), times=90)

    with pytest.raises(Contended, match=r"the look at arn:aws:cognito-idp:.* was changed by others 20 times"):
        ledger.put_look(a_look(at=later(1000)))


def test_repairs_at_the_same_moment_do_not_overdraw_the_budget(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    def another() -> None:
        assert dynamo_ledger.take_from_budget(a_pool(2), now=MORNING, per_account=1, per_pool=1) is None

    refused = interrupted(dynamodb, another).take_from_budget(SEOUL_POOL, now=MORNING, per_account=1, per_pool=1)

    assert refused == "this hour's budget of 1 repairs for the account is spent"


def test_only_what_awaits_carries_the_key_of_the_index(dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger) -> None:
    dynamo_ledger.put_finding(a_record(), replaces=None)
    before = stored(dynamodb)

    for channel in ("topic", "chat"):
        dynamo_ledger.mark_announced(KEY, channel=channel, version=1)

    assert before["awaiting"] == {"S": "yes"}
    assert "awaiting" not in stored(dynamodb)


def test_budgets_and_marks_of_gone_pools_expire_and_nothing_else_does(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    dynamo_ledger.put_look(a_look())
    dynamo_ledger.put_finding(a_record(), replaces=None)
    dynamo_ledger.mark_swept("eu-west-1", at=MORNING)
    dynamo_ledger.take_from_budget(SEOUL_POOL, now=MORNING, per_account=1, per_pool=1)
    dynamo_ledger.forget_pool(a_pool(9), at=MORNING)

    items = dynamodb.scan(TableName=TABLE)["Items"]

    expiring = {item["pk"]["S"] for item in items if "expires_at" in item}
    assert expiring == {"BUDGET#111122223333", f"BUDGET#{SEOUL_POOL.arn}", f"POOL#{a_pool(9).arn}"}
    assert all(int(item["expires_at"]["N"]) > MORNING.timestamp() for item in items if "expires_at" in item)


def test_reads_the_image_of_a_finding_from_the_stream(dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger) -> None:
    dynamo_ledger.put_finding(a_record(), replaces=None)

    assert finding_from_image(stored(dynamodb)) == a_record()


def test_images_of_other_items_are_none_of_its_business(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    dynamo_ledger.put_look(a_look())
    dynamo_ledger.mark_swept("eu-west-1", at=MORNING)
    dynamo_ledger.take_from_budget(SEOUL_POOL, now=MORNING, per_account=1, per_pool=1)

    images = dynamodb.scan(TableName=TABLE)["Items"]

    assert len(images) == 6
    assert [finding_from_image(image) for image in images] == [None] * 6
    assert finding_from_image({}) is None


def test_members_that_a_later_version_added_are_ignored(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    dynamo_ledger.put_finding(a_record(), replaces=None)
    dynamodb.put_item(TableName=TABLE, Item={**stored(dynamodb), "digest_of": {"M": {"ratio": {"N": "0.5"}}}})

    assert dynamo_ledger.finding(KEY) == a_record()


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"format": {"N": "2"}}, "has format 2, this version reads 1"),
        ({"format": None}, "format is missing"),
        ({"version": {"S": "one"}}, "version is 'one', not a whole number"),
        ({"version": {"N": "1.5"}}, r"version is 1\.5, not a whole number"),
        ({"revision": {"BOOL": True}}, "revision is True, not a whole number"),
        ({"severity": {"S": "dire"}}, "severity is 'dire', not one of low, medium, high, critical"),
        ({"state": {"S": "closed"}}, "state is 'closed', not one of open, repaired, resolved, exempt"),
        ({"opened_at": {"S": "yesterday"}}, "opened_at is 'yesterday', not an ISO 8601 time"),
        ({"evidence": {"L": []}}, "evidence is a list, not an object"),
        ({"evidence": {"M": {"who": {"N": "1"}}}}, "evidence.who is 1, not a text"),
        ({"affected": {"M": {"nonsense": {"N": "1"}}}}, "'nonsense' names no pool"),
        ({"subject": {"S": "arn:aws:s3:::bucket"}}, "subject: .* names neither a user pool"),
        ({"message": None}, "message is missing"),
    ],
)
def test_says_what_is_wrong_with_a_garbled_item_and_where(
    dynamodb: "DynamoDBClient",
    dynamo_ledger: DynamoLedger,
    changed: dict[str, "AttributeValueTypeDef | None"],
    complaint: str,
) -> None:
    dynamo_ledger.put_finding(a_record(), replaces=None)
    item = {**stored(dynamodb), **changed}
    dynamodb.put_item(TableName=TABLE, Item={name: value for name, value in item.items() if value is not None})

    with pytest.raises(MalformedDocument, match=complaint) as caught:
        dynamo_ledger.finding(KEY)
    assert str(caught.value).startswith(f"FINDING#{SEOUL_POOL.arn} / MW401")


def test_a_garbled_finding_keeps_no_other_from_being_told(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    others = [a_record(subject=a_pool(number), announce_after=later(number)) for number in (2, 3)]
    for record in (a_record(), *others):
        dynamo_ledger.put_finding(record, replaces=None)
    dynamodb.put_item(TableName=TABLE, Item={**stored(dynamodb), "state": {"S": "closed"}})

    told: list[FindingRecord] = []
    with pytest.raises(MalformedDocument, match=r"MW401\.state is 'closed'"):
        told.extend(dynamo_ledger.awaiting_announcement(now=later(9)))

    assert told == others


def test_finds_every_pool_when_the_answer_comes_in_pages(
    dynamodb: "DynamoDBClient", dynamo_ledger: DynamoLedger
) -> None:
    pools = tuple(a_pool(number) for number in range(1, 9))
    for pool in pools:
        dynamo_ledger.put_look(a_look(pool, uses=(OREGON_IDENTITY.arn,)))
        entry = {"pk": {"S": f"USES#{OREGON_IDENTITY.arn}"}, "sk": {"S": f"POOL#{pool.arn}"}}
        known = dynamodb.get_item(TableName=TABLE, Key=entry)["Item"]
        dynamodb.put_item(TableName=TABLE, Item={**known, "padding": {"S": "x" * 300_000}})
    first_page = dynamodb.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"USES#{OREGON_IDENTITY.arn}"}},
    )

    using = dynamo_ledger.pools_using(OREGON_IDENTITY)

    assert "LastEvaluatedKey" in first_page
    assert using == pools


def test_an_item_has_room_for_the_pools_of_a_large_account(dynamo_ledger: DynamoLedger) -> None:
    affected = {a_pool(number).arn: MORNING for number in range(7000)}
    record = a_record(subject=OREGON_ACCOUNT, affected=affected)

    kept = dynamo_ledger.put_finding(record, replaces=None)

    assert kept
    assert dynamo_ledger.finding(key_of(record)) == record
