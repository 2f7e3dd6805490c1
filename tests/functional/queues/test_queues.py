"""What the queues of hints and of repair orders promise: the same in memory and in SQS."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailwarden.adapters.aws.sqs.hint_queue import SqsHintQueue
from mailwarden.adapters.aws.sqs.repair_queue import SqsRepairQueue
from mailwarden.domain.refs.hints import Hint, PoolHint, RegionHint
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.repair.repair_queue import RepairQueue
from mailwarden.queue_messages.codec import hint_from, json_object, order_from_body
from tests.fakes.examples import OREGON_IDENTITY, a_cause, a_pool, an_order, later
from tests.fakes.queues import InMemoryHintQueue, InMemoryRepairQueue
from tests.functional.queues.conftest import received

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """A queue of hints, and what waits in it."""

    queue: HintQueue
    take_all: Callable[[], Sequence[Hint]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairs:
    """A queue of repair orders, and what waits in it."""

    queue: RepairQueue
    take_all: Callable[[], Sequence[RepairOrder]]


@pytest.fixture(params=["in memory", "in SQS"])
def hints(request: pytest.FixtureRequest) -> Hints:
    if request.param == "in memory":
        memory = InMemoryHintQueue()
        return Hints(queue=memory, take_all=memory.take_all)
    client: SQSClient = request.getfixturevalue("sqs")
    url: str = request.getfixturevalue("standard_queue")
    return Hints(
        queue=SqsHintQueue(client, url),
        take_all=lambda: [hint_from(json_object(message["Body"])) for message in received(client, url)],
    )


@pytest.fixture(params=["in memory", "in SQS"])
def repairs(request: pytest.FixtureRequest) -> Repairs:
    if request.param == "in memory":
        memory = InMemoryRepairQueue()
        return Repairs(queue=memory, take_all=memory.take_all)
    client: SQSClient = request.getfixturevalue("sqs")
    url: str = request.getfixturevalue("fifo_queue")
    return Repairs(
        queue=SqsRepairQueue(client, url),
        take_all=lambda: [order_from_body(message["Body"]) for message in received(client, url)],
    )


@pytest.mark.parametrize("number", [0, 1, 10, 11, 60])
def test_every_hint_arrives(hints: Hints, number: int) -> None:
    sent: list[Hint] = [PoolHint(pool=a_pool(n), cause=a_cause()) for n in range(number)]

    hints.queue.send([DelayedHint(hint=hint) for hint in sent])

    arrived = hints.take_all()
    assert len(arrived) == number
    assert all(hint in arrived for hint in sent)


@pytest.mark.parametrize("delay", [timedelta(minutes=15, seconds=1), timedelta(seconds=-1)])
def test_refuses_a_delay_that_a_queue_does_not_know(hints: Hints, delay: timedelta) -> None:
    with pytest.raises(ValueError, match="SQS holds a message back for 0 to 15 minutes"):
        hints.queue.send([DelayedHint(hint=RegionHint(region="eu-west-1"), delay=delay)])
    assert list(hints.take_all()) == []


def test_orders_for_one_resource_keep_their_order(repairs: Repairs) -> None:
    orders = [an_order(at=later(minute)) for minute in range(13)]

    repairs.queue.send(orders)

    assert list(repairs.take_all()) == orders


def test_the_same_change_seen_by_the_same_look_is_sent_once(repairs: Repairs) -> None:
    repairs.queue.send([an_order(), an_order()])
    repairs.queue.send([an_order()])

    assert list(repairs.take_all()) == [an_order()]


def test_the_same_change_seen_by_another_look_is_sent_again(repairs: Repairs) -> None:
    repairs.queue.send([an_order(at=later(0))])
    repairs.queue.send([an_order(at=later(1))])

    assert len(repairs.take_all()) == 2


def test_the_same_change_seen_at_the_same_time_in_another_pool_is_sent_too(repairs: Repairs) -> None:
    """The looks of one batch have one time, and the service-linked role is one for all pools."""
    repairs.queue.send([an_order(), replace(an_order(), pool_arn=a_pool(2).arn)])

    assert len(repairs.take_all()) == 2


def test_another_change_seen_by_the_same_look_is_sent_too(repairs: Repairs) -> None:
    repairs.queue.send([an_order(), replace(an_order(), change_digest="0" * 64, resource=OREGON_IDENTITY.arn)])

    assert len(repairs.take_all()) == 2
