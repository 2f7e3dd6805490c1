"""Failed deliveries are counted once for each batch and pool, and cause a look now and then, however many there are."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.inbound.sqs.backoff import wait_after
from tests.builders import NOON, pool_ref
from tests.fakes.deployment import TickingClock
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.reputation import InMemoryDeliveryFailures
from tests.fakes.message_visibility import HeldVisibility
from tests.fakes.queues import InMemoryHintQueue
from tests.fakes.tally import DELIVERY_FAILURES, FEEDBACK, HeldClients, Lines, tally_batch
from tests.unit.inbound.example_events import ACCOUNT, bent, example

SEOUL = pool_ref("ap-northeast-2", account=ACCOUNT, pool_id="ap-northeast-2_EXAMPLE01")
SHOP = pool_ref("ap-northeast-2", account=ACCOUNT, pool_id="ap-northeast-2_Shop00001")
CLIENT = "4exampleclient0000000000000"


@dataclass(slots=True)
class Counting(InMemoryDeliveryFailures):
    """Failures that count how often they were written."""

    writes: int = 0

    def add(self, pool: PoolRef, failures: DeliveryFailures, *, quiet: timedelta) -> None:
        self.writes += 1
        InMemoryDeliveryFailures.add(self, pool, failures, quiet=quiet)


@dataclass(slots=True)
class Refusing(Counting):
    """Failures that cannot be written."""

    def add(self, pool: PoolRef, failures: DeliveryFailures, *, quiet: timedelta) -> None:
        raise TimeoutError(f"{failures.number} of {pool.arn} in {quiet}: the table does not answer")


@dataclass(slots=True)
class Box:
    clock: TickingClock = field(default_factory=TickingClock)
    counting: Counting = field(default_factory=Counting)
    hints: InMemoryHintQueue = field(default_factory=InMemoryHintQueue)
    clients: HeldClients = field(default_factory=HeldClients)
    log: Lines = field(default_factory=Lines)
    visibility: HeldVisibility = field(default_factory=HeldVisibility)
    watched: tuple[str, ...] = ("ap-northeast-2",)
    queue: str = DELIVERY_FAILURES
    ledger: InMemoryLedger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = InMemoryLedger(failures=self.counting)

    def handle(self, *events: object) -> list[str]:
        """One batch; returns the ids of the messages to retry."""
        batch = tally_batch(
            ledger=self.ledger,
            hints=self.hints,
            clients=self.clients,
            clock=self.clock,
            watched=self.watched,
            visibility=self.visibility,
        )
        records = [
            {
                "messageId": str(place),
                "body": json.dumps(event),
                "eventSourceARN": self.queue,
                "receiptHandle": f"receipt {place}",
                "attributes": {"ApproximateReceiveCount": "2"},
            }
            for place, event in enumerate(events)
        ]
        answer = batch.handle({"Records": records}, log=self.log)
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

    def known(self, pool: PoolRef) -> DeliveryFailures:
        return self.counting.held[pool]


def invitation(*, at: str = "2026-03-02T11:59:41Z", pool: PoolRef = SEOUL, region: str | None = None) -> object:
    event = bent(example("cognito-idp.admin-create-user.not-sent"), "detail.eventTime", at)
    event = bent(event, "detail.requestParameters.userPoolId", pool.pool_id)
    return bent(event, "region", region or pool.region)


def sign_up(client_id: str = CLIENT) -> object:
    return bent(example("cognito-idp.sign-up.not-sent"), "detail.requestParameters.clientId", client_id)


def test_a_batch_is_one_count_and_one_hint_for_each_pool() -> None:
    box = Box()

    failed = box.handle(*[invitation()] * 40, *[invitation(pool=SHOP)] * 2)

    assert failed == []
    assert box.counting.writes == 2
    assert (box.known(SEOUL).number, box.known(SHOP).number) == (40, 2)
    assert [each.hint for each in box.hints.waiting] == [
        PoolHint(pool=SEOUL, asks_anew=True),
        PoolHint(pool=SHOP, asks_anew=True),
    ]


def test_a_failed_call_in_the_queue_that_topics_may_send_to_is_refused_and_not_counted() -> None:
    box = Box(queue=FEEDBACK)

    failed = box.handle(invitation(), sign_up())

    assert failed == ["0", "1"]
    assert box.counting.held == {}
    assert all("event.other-queue" in str(extra["reason"]) for _, extra in box.log.lines)


def test_first_and_last_are_the_times_of_the_calls_in_any_order() -> None:
    box = Box()

    box.handle(invitation(at="2026-03-02T11:58:00Z"), invitation(at="2026-03-02T11:50:00Z"))
    box.handle(invitation(at="2026-03-02T11:40:00Z"))

    known = box.known(SEOUL)
    assert (known.first, known.last) == (NOON - timedelta(minutes=20), NOON - timedelta(minutes=2))
    assert known.number == 3


def test_a_flood_causes_one_look_in_ten_minutes() -> None:
    box = Box()

    for _ in range(60):
        box.handle(*[invitation()] * 10)
        box.clock.pass_by(seconds=20)

    assert box.known(SEOUL).number == 600
    assert len(box.hints.waiting) == 2


def test_a_client_is_looked_up_once_and_then_known() -> None:
    box = Box()
    box.clients.held[CLIENT] = SEOUL

    box.handle(sign_up(), sign_up())
    box.handle(sign_up())

    assert box.known(SEOUL).number == 3
    assert box.clients.asked == [frozenset({CLIENT})]


def test_calls_of_an_unknown_client_are_logged_and_not_counted() -> None:
    box = Box()

    failed = box.handle(sign_up(), example("cognito-idp.update-user-attributes.not-sent"))

    assert failed == []
    assert box.counting.held == {}
    assert box.log.lines == [("failed deliveries of unknown pools", {"region": "ap-northeast-2", "number": 2})]


def test_calls_in_regions_that_are_not_watched_are_left_alone() -> None:
    box = Box()

    assert box.handle(invitation(region="us-east-1")) == []
    assert box.counting.held == {}


def test_only_failed_messages_are_retried() -> None:
    box = Box()
    box.clients.down = True

    failed = box.handle({"detail": {}}, sign_up())

    assert failed == ["0", "1"]
    box.clients.down = False
    assert box.handle(invitation()) == []


def test_what_could_not_be_counted_comes_again_soon_and_what_nobody_understands_at_once() -> None:
    """The second is set aside, and its alarm goes off, without the waits of the first."""
    box = Box(counting=Refusing())

    failed = box.handle(invitation(), {"source": "aws.cognito-idp"}, invitation(region="eu-west-3"))

    assert failed == ["0", "1"]
    assert box.visibility.hidden == {"receipt 0": wait_after(2), "receipt 1": 0}


def test_after_quiet_hours_the_count_starts_over() -> None:
    box = Box()

    box.handle(invitation(at="2026-03-02T02:00:00Z"))
    box.handle(invitation(at="2026-03-02T11:00:00Z"))

    assert box.known(SEOUL).number == 1
    assert box.known(SEOUL).first == NOON - timedelta(hours=1)
