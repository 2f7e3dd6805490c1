"""Measures the messages per second that ``tally`` handles on one core, up to the DynamoDB calls."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import process_time
from typing import TYPE_CHECKING, Any, cast

from benchmarks.figures import Figure
from tests.fakes.deployment import TickingClock
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.queues import InMemoryHintQueue
from tests.fakes.tally import HeldClients, tally_batch
from tests.unit.tally.mail import ACCOUNT, bounced, pool_named, through_sns

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

BATCH = 500
ROUNDS = 5
POOLS = 20
# A batch of 500 takes half a second; the function's timeout is a minute.
LEAST_PER_SECOND = 1_000.0


@dataclass(slots=True)
class Silent:
    """A DynamoDB client that accepts every transaction and returns one pool for every key; ``writes`` counts."""

    transactions: int = 0
    writes: int = 0
    reads: int = 0

    def transact_write_items(self, *, TransactItems: list[object]) -> None:  # noqa: N803 - the name of the API
        """Accept every transaction."""
        self.transactions += 1
        self.writes += len(TransactItems)

    def query(self, *, ExpressionAttributeValues: Mapping[str, Any], **_: object) -> dict[str, object]:  # noqa: N803
        """One pool for each key."""
        self.reads += 1
        key = ExpressionAttributeValues[":subject"]["S"]
        pool = pool_named(f"Pool{key.partition('no-reply')[2][:2] or '00'}").arn
        item = {"pk": {"S": key}, "sk": {"S": f"POOL#{pool}"}, "format": {"N": "1"}, "pool": {"S": pool}}
        return {"Items": [item]}

    def get_paginator(self, _: str) -> "Silent":
        """Counts are read in pages."""
        return self

    def paginate(self, **_: object) -> list[dict[str, list[object]]]:
        """No counts yet."""
        self.reads += 1
        return [{"Items": []}]


class Nowhere:
    """A log that discards everything."""

    def info(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        """Nothing."""

    def error(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        """Nothing."""

    def exception(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        """Raise: a failure in a benchmark must be visible."""
        raise AssertionError(event, extra)


def figures() -> list[Figure]:
    """Bounces of some pools, half of them through SNS; a second route delivers each of them again."""
    sources = [f"no-reply{number:02}@shop.example" for number in range(POOLS)]
    first = [bounced(number, source=sources[number % POOLS]) for number in range(BATCH)]
    mixed = [json.dumps(through_sns(each) if place % 2 else each) for place, each in enumerate(first)]
    twice = [json.dumps(each) for one in first[: BATCH // 2] for each in (one, through_sns(one))]
    return [
        _figure(f"500 bounces of {POOLS} pools, half through SNS", mixed),
        _figure("250 bounces, each by EventBridge and by SNS", twice),
    ]


def _figure(note: str, bodies: list[str]) -> Figure:
    records = [{"messageId": str(place), "body": body} for place, body in enumerate(bodies)]
    client = Silent()
    seconds = min(_round(client, records) for _ in range(ROUNDS))
    return Figure(
        what=f"tally, {note}",
        value=len(bodies) / seconds,
        limit=LEAST_PER_SECOND,
        unit="/s",
        at_least=True,
        note=f"{client.transactions // ROUNDS} transactions, {client.writes // ROUNDS} writes, "
        f"{client.reads // ROUNDS} reads a batch",
    )


def _round(client: Silent, records: list[dict[str, str]]) -> float:
    # It has the three calls that counting makes.
    ledger = LedgerInDynamoDB(cast("DynamoDBClient", client), "ledger")
    batch = tally_batch(
        ledger=ledger, hints=InMemoryHintQueue(), clients=HeldClients(), clock=TickingClock(), account=ACCOUNT
    )
    log = Nowhere()
    started = process_time()
    answer = batch.handle({"Records": records}, log=log)
    seconds = process_time() - started
    assert answer == {"batchItemFailures": []}
    return seconds
