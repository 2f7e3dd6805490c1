"""A finding that affects thousands of pools: nothing is lost, its item stays small, and so does an ordinary look."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from botocore.model import OperationModel

from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.affected.pools import LISTED, AffectedPools, affected_key
from mailwarden.adapters.ledger.codec import finding_item
from mailwarden.domain.findings.channels import CHANNELS
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.lifecycle import Observation, clear, observe
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.mail_path.verdict import Answer, Link, Verdict
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import verbatim
from mailwarden.service.inspection.batch_findings import BatchFindings
from tests.fakes.examples import MORNING, OREGON_ACCOUNT, a_pool, a_record, later
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.roles import LedgerRoles, put
from tests.functional.ledger.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEY = FindingKey(subject_arn=OREGON_ACCOUNT.arn, rule_id="MW603")
_UNIT = 4096


def seen(number: int, *, minutes: float, exempt: bool = False) -> Observation:
    """A look at pool *number* finds it."""
    return Observation(
        finding=Finding(
            rule_id="MW603",
            rule_name="made-up-rule",
            link=Link.ACCOUNT,
            severity=Severity.LOW,
            effect=Effect.NONE,
            subject=OREGON_ACCOUNT,
            message=verbatim("the account is in the sandbox"),
            why=verbatim("it was never asked for production access"),
            remediation=verbatim("Ask for production access"),
        ),
        seen_from=a_pool(number),
        pool_name=f"pool-{number}",
        verdict=Verdict(answer=Answer.YES, deciding=None, links=()),
        handled=Handled(handling=Handling.WITHHELD, exempt=exempt),
        cause=None,
        at=later(minutes),
    )


def find(ledger: LedgerRoles, number: int, *, minutes: float, exempt: bool = False) -> FindingRecord | None:
    of = seen(number, minutes=minutes, exempt=exempt)
    return ledger.findings.seen_from(of.seen_from).update(KEY, lambda current: observe(current, of))


def mend(ledger: LedgerRoles, number: int, *, minutes: float) -> FindingRecord | None:
    pool = a_pool(number)
    return ledger.findings.seen_from(pool).update(
        KEY, lambda current: current and clear(current, pool, None, cause=None, at=later(minutes))
    )


def of_many(number: int) -> FindingRecord:
    """A note that affects so many pools; as notes are, it is exempt everywhere."""
    affected = {a_pool(each).arn: MORNING for each in range(1, number + 1)}
    return a_record(
        subject=OREGON_ACCOUNT,
        rule_id="MW603",
        severity=Severity.LOW,
        effect=Effect.NONE,
        state=FindingState.EXEMPT,
        affected=affected,
        exempt=frozenset(affected),
        announced={"topic": 1, "chat": 1},
    )


def seed(client: "DynamoDBClient", number: int) -> None:
    """Store a finding of so many pools as ``update`` does, in fewer calls."""
    split = AffectedPools(table=Table(client=client, name=TABLE)).split(None, of_many(number))
    client.put_item(TableName=TABLE, Item=finding_item(split.stored, channels=CHANNELS))
    puts = [{"PutRequest": {"Item": write["Put"]["Item"]}} for write in split.writes]
    for begin in range(0, len(puts), 25):
        client.batch_write_item(RequestItems={TABLE: puts[begin : begin + 25]})  # type: ignore[dict-item]


@contextmanager
def counted(client: "DynamoDBClient") -> Iterator[dict[str, float]]:
    """Counts the read and write units of every call, as AWS counts them: by size of what is read and written."""
    units = {"read": 0.0, "write": 0.0}

    def size(value: object) -> int:
        return len(repr(value).encode()) // 2

    def after(parsed: dict[str, Any], model: OperationModel, **_: object) -> None:
        if model.name == "GetItem":
            units["read"] += max(1, -(-size(parsed.get("Item")) // _UNIT))
        if model.name == "Query":
            units["read"] += max(1, -(-sum(map(size, parsed["Items"])) // _UNIT))

    def before(params: dict[str, Any], model: OperationModel, **_: object) -> None:
        if model.name == "PutItem":
            units["write"] += max(1, -(-size(params["Item"]) // 1024))
        if model.name == "TransactWriteItems":
            for each in params["TransactItems"]:
                units["write"] += 2 * max(1, -(-size(each.get("Put", {}).get("Item")) // 1024))

    client.meta.events.register("after-call.dynamodb", after)
    client.meta.events.register("provide-client-params.dynamodb", before)
    try:
        yield units
    finally:
        client.meta.events.unregister("after-call.dynamodb", after)
        client.meta.events.unregister("provide-client-params.dynamodb", before)


@pytest.mark.parametrize("number", [1, LISTED, LISTED + 1, 1000])
def test_an_ordinary_look_reads_and_writes_the_same_however_many_pools_are_affected(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB, number: int
) -> None:
    seed(dynamodb, number)
    handled: list[FindingRecord | None] = []

    with counted(dynamodb) as units:
        # The first look says it in its own words; from then on nothing changes.
        find(dynamo_ledger, 1, minutes=1, exempt=True)
        steady = dict(units)
        handled.append(find(dynamo_ledger, number, minutes=2, exempt=True))

    found = dynamo_ledger.findings.read(KEY)
    assert found is not None
    assert found.lifecycle.affected_count == number
    assert found.lifecycle.state is FindingState.EXEMPT
    assert units["read"] - steady["read"] <= 2
    assert units["write"] - steady["write"] == 0
    assert steady["write"] <= 6
    assert handled[0] is not None
    assert a_pool(number).arn in handled[0].lifecycle.affected


def test_a_thousand_pools_lose_nothing(dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB) -> None:
    seed(dynamodb, 1000)

    item = dynamodb.get_item(TableName=TABLE, Key={"pk": {"S": f"FINDING#{OREGON_ACCOUNT.arn}"}, "sk": {"S": "MW603"}})[
        "Item"
    ]
    shown = dynamo_ledger.findings.read(KEY)

    assert len(repr(item)) // 2 < _UNIT
    assert shown is not None
    assert len(shown.lifecycle.affected) == 50
    assert shown.lifecycle.affected_count == 1000
    for number in (1, 21, 500, 1000):
        own = dynamo_ledger.findings.seen_from(a_pool(number)).update(KEY, lambda _: None)
        assert own is not None
        assert own.lifecycle.affected[a_pool(number).arn] == MORNING
        assert own.lifecycle.affected_count == 1000
    stranger = dynamo_ledger.findings.seen_from(a_pool(5001)).update(KEY, lambda _: None)
    assert stranger is not None
    assert a_pool(5001).arn not in stranger.lifecycle.affected


def test_pools_that_a_former_version_stored_in_one_item_are_read_and_moved(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    record = of_many(150)
    put(dynamo_ledger, record)
    key = {"pk": {"S": f"FINDING#{OREGON_ACCOUNT.arn}"}, "sk": {"S": "MW603"}}
    item = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    names = {f"us-west-2/{arn.rpartition('/')[2]}": {"N": "1772420000000000"} for arn in record.lifecycle.affected}
    region = a_pool(1).region
    names = {f"{region}/{name.partition('/')[2]}": at for name, at in names.items()}
    former = {name: value for name, value in item.items() if name not in {"others", "others_exempt"}}
    former |= {"affected": {"M": names}, "exempt": {"L": [{"S": name} for name in names]}}
    for each in dynamodb.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": affected_key(KEY)}},
    )["Items"]:
        dynamodb.delete_item(TableName=TABLE, Key={"pk": each["pk"], "sk": each["sk"]})
    dynamodb.put_item(TableName=TABLE, Item=former)

    find(dynamo_ledger, 200, minutes=10_000_000, exempt=True)

    found = dynamo_ledger.findings.read(KEY)
    assert found is not None
    assert found.lifecycle.affected_count == 151
    assert found.lifecycle.is_exempt_everywhere
    moved = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    assert len(moved["affected"]["M"]) == LISTED


@pytest.mark.parametrize("luck", range(4))
def test_both_ledgers_agree_after_any_looks(dynamo_ledger: LedgerInDynamoDB, luck: int) -> None:
    chosen, memory = Random(luck), InMemoryLedger()  # noqa: S311 - no secret
    for minutes in range(120):
        # At first more is found than mended, and later the reverse.
        often = 4 if minutes < 70 else 1
        step = chosen.choice([*["find"] * often, "mute", "mend", "mend"])
        number = chosen.randint(1, LISTED + 8)
        for ledger in (memory, dynamo_ledger):
            if step == "mend":
                mend(ledger, number, minutes=minutes)
            else:
                find(ledger, number, minutes=minutes, exempt=step == "mute")
        expected, found = memory.findings.read(KEY), dynamo_ledger.findings.read(KEY)
        assert (expected is None) == (found is None)
        if expected is not None and found is not None:
            assert found.lifecycle.state is expected.lifecycle.state
            assert found.lifecycle.affected == expected.lifecycle.affected
            assert found.lifecycle.exempt == expected.lifecycle.exempt
            assert found.lifecycle.others == found.lifecycle.others_exempt == 0


def test_two_looks_that_see_it_at_once_are_both_counted(dynamo_ledger: LedgerInDynamoDB) -> None:
    for number in range(1, LISTED + 1):
        find(dynamo_ledger, number, minutes=number)
    first, second = seen(LISTED + 1, minutes=50), seen(LISTED + 2, minutes=50)
    times: list[int] = []

    def interrupted(current: FindingRecord | None) -> FindingRecord | None:
        times.append(1)
        if len(times) == 1:
            find(dynamo_ledger, LISTED + 2, minutes=50)
        return observe(current, first)

    dynamo_ledger.findings.seen_from(first.seen_from).update(KEY, interrupted)

    found = dynamo_ledger.findings.read(KEY)
    assert found is not None
    assert len(times) == 2
    assert {first.seen_from.arn, second.seen_from.arn} <= found.lifecycle.affected.keys()
    assert found.lifecycle.affected_count == LISTED + 2


def test_a_finding_that_is_over_expires_and_one_that_is_found_again_does_not(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    def items() -> list[dict[str, Any]]:
        return [dict(item) for item in dynamodb.scan(TableName=TABLE)["Items"]]

    for number in range(1, LISTED + 5):
        find(dynamo_ledger, number, minutes=number)
    assert not any("expires_at" in item for item in items())

    for number in range(1, LISTED + 5):
        mend(dynamo_ledger, number, minutes=100)
    over = items()
    find(dynamo_ledger, 1, minutes=200)

    assert len(over) == 1
    assert int(over[0]["expires_at"]["N"]) == int(later(100).timestamp()) + 90 * 86_400
    assert "expires_at" not in items()[0]


def test_one_pool_speaks_for_a_finding_also_when_those_in_its_item_are_mended(dynamo_ledger: LedgerInDynamoDB) -> None:
    for number in range(1, LISTED + 4):
        find(dynamo_ledger, number, minutes=number)
    for number in range(1, LISTED + 1):
        mend(dynamo_ledger, number, minutes=100)
    rest = range(LISTED + 1, LISTED + 4)
    for number in rest:
        find(dynamo_ledger, number, minutes=200)
    settled = dynamo_ledger.findings.read(KEY)

    for number in rest:
        find(dynamo_ledger, number, minutes=300)

    assert dynamo_ledger.findings.read(KEY) == settled
    assert settled is not None


def test_a_batch_closes_it_for_a_pool_that_the_first_look_did_not_read(dynamo_ledger: LedgerInDynamoDB) -> None:
    for number in range(1, LISTED + 4):
        find(dynamo_ledger, number, minutes=number)
    batch = BatchFindings(below=dynamo_ledger.findings)
    pools = [a_pool(number) for number in range(1, LISTED + 4)]

    for pool in pools:

        def mended(current: FindingRecord | None, pool: PoolRef = pool) -> FindingRecord | None:
            return current and clear(current, pool, None, cause=None, at=later(100))

        batch.seen_from(pool).update(KEY, mended)

    found = dynamo_ledger.findings.read(KEY)
    assert found is not None
    assert found.lifecycle.state is FindingState.RESOLVED
