"""The function ``tally`` over DynamoDB: whatever its transactions come to, each event is counted once."""

import json
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from mailwarden.domain.mail_path.path import MailPath
from tests.fakes.deployment import TickingClock
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.queues import InMemoryHintQueue
from tests.fakes.tally import HeldClients, Lines, tally_batch
from tests.functional.ledger.conftest import TABLE
from tests.functional.ledger.test_mail_counts import Troubled, conflict, over
from tests.unit.tally.mail import ACCOUNT, DAY, MAIL, SHOP, bounced, look_at, path_of, pool_named, through_sns

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NAMES = ("alpha", "beta", "gamma")
EVENTS = 60


def paths() -> tuple[MailPath, ...]:
    """Two pools with addresses of their own, and one that shares its address and has a set of its own."""
    return (
        path_of("alpha", sends_from="alpha@shop.example"),
        path_of("beta", sends_from="shared@shop.example"),
        path_of("gamma", sends_from="shared@shop.example", through="gamma"),
    )


def messages() -> list[tuple[str, str]]:
    """Events with the pools that they are of."""
    told = []
    for number in range(EVENTS):
        name = NAMES[number % 3]
        source = "alpha@shop.example" if name == "alpha" else "shared@shop.example"
        event = bounced(number, source=source, through="gamma" if name == "gamma" else "mail")
        told.append((name, json.dumps(through_sns(event) if number % 2 else event)))
    return told


@pytest.mark.parametrize("seed", range(2))
def test_each_event_is_counted_once_for_its_pool(dynamodb: "DynamoDBClient", seed: int) -> None:
    luck = Random(seed)  # noqa: S311 - no secret
    errors = (conflict(), conflict("ThrottlingError"), TimeoutError("nobody answers"))

    def may_fail() -> None:
        if luck.randrange(3) == 0:
            raise luck.choice(errors)

    ledger = over(Troubled(dynamodb, before=may_fail, after=may_fail))
    batch = tally_batch(
        ledger=ledger, hints=InMemoryHintQueue(), clients=HeldClients(), clock=TickingClock(), account=ACCOUNT
    )
    calm = LedgerInDynamoDB(dynamodb, TABLE)
    for path in paths():
        calm.looks.put(look_at(path))
    waiting = [body for _, body in messages() for _ in range(luck.randrange(1, 3))]
    luck.shuffle(waiting)

    while waiting:
        now, waiting = waiting[:40], waiting[40:]
        records = [{"messageId": str(place), "body": body} for place, body in enumerate(now)]
        answer = batch.handle({"Records": records}, log=Lines())
        waiting += [now[int(failed["itemIdentifier"])] for failed in answer["batchItemFailures"]]

    truth = Counter(name for name, _ in messages())
    counted = {name: calm.counters.since(pool_named(name), DAY).hard_bounces for name in NAMES}
    assert counted == dict(truth)
    assert calm.counters.since(SHOP, DAY).hard_bounces == EVENTS
    assert calm.counters.since(MAIL, DAY).hard_bounces == truth["alpha"] + truth["beta"]
