"""A look that waits and cannot be read is kept and named; the looks beside it are made, and its pool is looked at."""

import json
from datetime import timedelta

import pytest

from mailwarden.domain.refs.hints import GarbledLook, Hint, IdentityHint, PoolHint, WaitingLook
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.hints import HintBatch
from mailwarden.queue_messages.codec import hint_body, hint_from
from mailwarden.service.inspection.fan_out import EVERY_LOOK, cognito_schedule
from tests.builders import developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause
from tests.fakes.inspection import concerned_pools_of
from tests.fakes.logs import KeptLog
from tests.fakes.message_visibility import HeldVisibility

FIRST, GARBLED, LAST = "first", "garbled", "last"
POOLS = {name: pool(pool_id=f"us-east-1_{name}", email=developer(identity_ref())) for name in (FIRST, LAST)}


def hints_in(body: str) -> tuple[Hint, ...]:
    return (hint_from(json.loads(body)),)


def test_a_look_that_waits_and_is_garbled_fails_its_own_message_and_no_other_look() -> None:
    mailwarden, log = Deployment(), KeptLog()
    bad = pool(pool_id="us-east-1_garbled", email=developer(identity_ref()))
    mailwarden.hold(*POOLS.values(), bad, identity())
    waiting, now = mailwarden.ledger.waiting, mailwarden.clock.at
    for each in POOLS.values():
        waiting.put(WaitingLook(pool=each.ref, wanted_at=now, due=now), now=now)
    waiting.garbled[bad.ref] = GarbledLook(pool=bad.ref, reason="WAITING#… / LOOK.due is missing")
    messages = {name: each.ref for name, each in {**POOLS, GARBLED: bad}.items()}
    batch = HintBatch(
        pools=concerned_pools_of(mailwarden),
        inspector=mailwarden.inspector(),
        understand=hints_in,
        backoff=Backoff(visibility=HeldVisibility()),
    )

    records = [{"messageId": name, "body": hint_body(PoolHint(pool=ref, waits=True))} for name, ref in messages.items()]
    failures = batch.handle({"Records": records}, log=log)["batchItemFailures"]

    assert failures == [{"itemIdentifier": GARBLED}]
    assert set(mailwarden.ledger.looks.held) == {each.ref for each in POOLS.values()}
    assert [extra["reason"] for event, extra in log.lines if extra.get("pool") == bad.ref.arn] == [
        "WAITING#… / LOOK.due is missing"
    ]
    assert bad.ref in waiting.garbled


@pytest.mark.parametrize("places", [0, 50], ids=["at once", "later"])
def test_a_call_finds_a_pool_whose_waiting_look_is_garbled(places: int) -> None:
    mailwarden = Deployment()
    mailwarden.hold(*POOLS.values(), identity())
    mailwarden.inspect(*(PoolHint(pool=each.ref) for each in POOLS.values()))
    bad = POOLS[FIRST].ref
    mailwarden.ledger.waiting.garbled[bad] = GarbledLook(pool=bad, reason="no due")
    mailwarden.clock.pass_by(hours=1)
    now = mailwarden.clock.now()
    mailwarden.ledger.shares.reserve(cognito_schedule("us-east-1"), places=places, every=EVERY_LOOK, now=now)

    mailwarden.inspect(IdentityHint(identity=identity_ref(), cause=cause("DeleteIdentityPolicy", at=now)))
    mailwarden.clock.pass_by(minutes=1)
    mailwarden.inspect(*mailwarden.hints.take_all())

    assert {look.looked_at > now - timedelta(seconds=1) for look in mailwarden.ledger.looks.held.values()} == {True}
    assert bad in mailwarden.ledger.waiting.garbled
