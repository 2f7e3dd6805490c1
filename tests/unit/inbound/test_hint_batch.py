"""A batch of hints ends in time: the looks that it has no time for are delivered again, and nothing else is."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from mailwarden.domain.readings import Pool, PoolReading
from mailwarden.domain.refs.hints import Hint, PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.hints import HintBatch
from mailwarden.queue_messages.codec import hint_body, hint_from
from tests.builders import HeldPools, developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause
from tests.fakes.inspection import concerned_pools_of
from tests.fakes.logs import KeptLog
from tests.fakes.message_visibility import HeldVisibility

LIMIT = timedelta(seconds=60)


@dataclass(slots=True, kw_only=True)
class SlowPools(HeldPools):
    """Pools whose reads take a while of the deployment's time."""

    mailwarden: Deployment
    seconds: float

    def read(self, ref: PoolRef) -> PoolReading:
        self.mailwarden.clock.pass_by(seconds=self.seconds)
        return HeldPools.read(self, ref)


def held(number: int) -> list[Pool]:
    return [pool(pool_id=f"us-east-1_B{each:02}", email=developer(identity_ref())) for each in range(number)]


def deployed(number: int, *, seconds: float) -> tuple[Deployment, SlowPools]:
    mailwarden = Deployment()
    mailwarden.hold(*held(number), identity())
    slow = SlowPools(held=mailwarden.pools.held, mailwarden=mailwarden, seconds=seconds)
    mailwarden.pools = slow
    return mailwarden, slow


def understood(body: str) -> tuple[Hint, ...]:
    return (hint_from(json.loads(body)),)


def failed(
    mailwarden: Deployment, pools: Sequence[Pool], *, received: Mapping[int, int] | None = None
) -> Iterator[str]:
    started = mailwarden.clock.at
    batch = HintBatch(
        pools=concerned_pools_of(mailwarden),
        inspector=mailwarden.inspector(),
        understand=understood,
        backoff=Backoff(visibility=HeldVisibility()),
    )
    records = [
        {
            "messageId": each.ref.pool_id,
            "body": hint_body(PoolHint(pool=each.ref, cause=cause(event_id=each.ref.pool_id))),
            "attributes": {"ApproximateReceiveCount": str((received or {}).get(place, 1))},
        }
        for place, each in enumerate(pools)
    ]
    failures = batch.handle(
        {"Records": records}, log=KeptLog(), remaining=lambda: LIMIT - (mailwarden.clock.at - started)
    )
    return (failure["itemIdentifier"] for failure in failures["batchItemFailures"])


def test_a_batch_that_has_time_fails_nothing() -> None:
    mailwarden, slow = deployed(10, seconds=1)

    assert not list(failed(mailwarden, held(10)))
    assert len(slow.asked) == 10


def test_looks_for_which_a_batch_has_no_time_are_delivered_again() -> None:
    mailwarden, slow = deployed(10, seconds=9)

    again = list(failed(mailwarden, held(10)))

    assert len(slow.asked) + len(again) == 10
    assert len(slow.asked) == 5
    assert set(again) == {each.ref.pool_id for each in held(10)} - {ref.pool_id for ref in slow.asked}


def test_a_look_that_may_have_taken_the_time_of_its_batch_comes_last() -> None:
    mailwarden, slow = deployed(10, seconds=9)

    again = list(failed(mailwarden, held(10), received={0: 2, 3: 4}))

    assert {held(10)[0].ref.pool_id, held(10)[3].ref.pool_id} <= set(again)
    assert len(slow.asked) == 5


def test_a_look_that_several_calls_asked_for_is_logged_with_each_of_them() -> None:
    mailwarden, _ = deployed(1, seconds=1)
    (only,), log = held(1), KeptLog()
    calls = cause("CreateUserPool", event_id="e-created"), cause("DeleteServiceLinkedRole", event_id="e-role")
    batch = HintBatch(
        pools=concerned_pools_of(mailwarden),
        inspector=mailwarden.inspector(),
        understand=understood,
        backoff=Backoff(visibility=HeldVisibility()),
    )

    batch.handle(
        {
            "Records": [
                {"messageId": call.event_id, "body": hint_body(PoolHint(pool=only.ref, cause=call)), "attributes": {}}
                for call in calls
            ]
        },
        log=log,
        remaining=lambda: LIMIT,
    )

    assert [sorted(cast("list[str]", line["event_ids"])) for said, line in log.lines if said == "looked"] == [
        ["e-created", "e-role"]
    ]
