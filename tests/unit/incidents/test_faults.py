"""500 findings while everything fails now and then: all messages arrive in order, and each duplicate is explained."""

import random
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from mailwarden.domain.incidents.alert import Alert
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.readings import Pool
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.inbound.sqs.slack import SlackBatch
from mailwarden.message import message
from mailwarden.ports.findings.webhook import Delivered, PostResult, RetryLater
from mailwarden.presentation.alerts.document import alert_body
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.service.findings.slack_delivery import SlackDelivery, WebhookPoster
from tests.builders import identity_ref
from tests.fakes.announcing import announcer_of
from tests.fakes.deployment import Deployment
from tests.fakes.deployment import cause as a_call
from tests.fakes.logs import KeptLog
from tests.fakes.mortal import Died, Life, Mortal, mortal
from tests.unit.incidents.seoul import closed, opened, seoul

CAUSES, POOLS = 25, 20
# The template: a message is set aside after 40 receipts; SQS drops a duplicate within five minutes.
MOST_RECEIPTS, DEDUPLICATED = 40, timedelta(minutes=5)


@dataclass(slots=True, kw_only=True)
class Topic:
    """Implements ``AlertChannel``: SNS, which throttles, and whose answer may be lost after it took the message."""

    chance: random.Random
    faults: Counter[str] = field(default_factory=Counter)
    told: list[tuple[str, str, int]] = field(default_factory=list)
    alerts: dict[str, Alert] = field(default_factory=dict)
    is_well: bool = False

    def send(self, alert: Alert) -> None:
        self.alerts[alert.alert_id] = alert
        fate = 1.0 if self.is_well else self.chance.random()
        if fate < 0.2:
            self.faults["throttled"] += 1
            raise ConnectionError("Throttling")
        self.told.append((alert.report.incident_id, alert.alert_id, alert.report.version))
        if fate < 0.25:
            self.faults["answer lost"] += 1
            raise TimeoutError("answer lost")


@dataclass(slots=True, kw_only=True)
class Queue:
    """Implements ``AlertChannel`` and ``MessageVisibility``: a FIFO queue with a message group for each incident."""

    clock: Any
    groups: dict[str, deque[tuple[str, str]]] = field(default_factory=dict)
    known: dict[str, datetime] = field(default_factory=dict)
    hidden: dict[str, datetime] = field(default_factory=dict)
    receipts: Counter[str] = field(default_factory=Counter)

    def send(self, alert: Alert) -> None:
        known = self.known.get(alert.alert_id)
        if known is None or known + DEDUPLICATED < self.clock.at:
            self.known[alert.alert_id] = self.clock.at
            body = alert_body(notice_of(alert, rule_pages="https://docs.example/"))
            self.groups.setdefault(alert.report.incident_id, deque()).append((alert.alert_id, body))

    def hide(self, seconds: Mapping[str, int]) -> tuple[str, ...]:
        self.hidden.update({name: self.clock.at + timedelta(seconds=wait) for name, wait in seconds.items()})
        return ()

    def visible(self) -> Iterator[tuple[str, str, str]]:
        for group, waiting in list(self.groups.items()):
            if waiting and self.hidden.get(waiting[0][0], self.clock.at) <= self.clock.at:
                yield group, *waiting[0]


@dataclass(slots=True, kw_only=True)
class Chat:
    """Implements ``Webhook``: it asks for a wait, fails, resets the connection, or stalls after it took the message."""

    clock: Any
    chance: random.Random
    faults: Counter[str] = field(default_factory=Counter)
    taken: list[str] = field(default_factory=list)
    current: str = ""
    is_well: bool = False

    def post(self, payload: object) -> PostResult:
        del payload
        fate = 1.0 if self.is_well else self.chance.random()
        if fate < 0.1:
            return self._fails("429", after=self.chance.randint(1, 30))
        if fate < 0.2:
            return self._fails("500")
        if fate < 0.25:
            return self._fails("reset")
        self.taken.append(self.current)
        if fate < 0.3:
            self.clock.at += timedelta(seconds=10)
            return self._fails("stall")
        return Delivered()

    def _fails(self, fault: str, *, after: int | None = None) -> RetryLater:
        self.faults[fault] += 1
        return RetryLater(reason=message("webhook.status", status=500), after=after)


@dataclass(slots=True, kw_only=True)
class FaultRun:
    """A deployment whose functions die at random steps, and whose stream is off for a while."""

    chance: random.Random = field(default_factory=lambda: random.Random(20260302))  # noqa: S311 - a course of faults
    mailwarden: Deployment = field(default_factory=lambda: Deployment(mode=RepairMode.OFF))
    deaths: Counter[str] = field(default_factory=Counter)
    topic: Topic = field(init=False)
    queue: Queue = field(init=False)
    chat: Chat = field(init=False)
    batch: SlackBatch = field(init=False)

    def __post_init__(self) -> None:
        clock = self.mailwarden.clock
        self.topic, self.queue = Topic(chance=self.chance), Queue(clock=clock)
        self.chat = Chat(clock=clock, chance=self.chance)
        self.batch = SlackBatch(
            delivery=SlackDelivery(poster=WebhookPoster(webhook=self.chat)), visibility=self.queue, sleep=lambda _: None
        )

    def minute(self, *, stream: bool) -> None:
        """A minute of the schedule, of the stream if it is on, and of the chat's queue."""
        self.mailwarden.clock.at += timedelta(minutes=1)
        if stream:
            self._announce(*self.mailwarden.ledger.findings.held)
        self._announce()
        for group, name, body in list(self.queue.visible()):
            self._deliver(group, name, body)

    def recover(self) -> None:
        self.topic.is_well = self.chat.is_well = True

    def _announce(self, *keys: FindingKey) -> None:
        is_mortal = not self.topic.is_well and self.chance.random() < 0.5
        life = Life(ends_at=self.chance.randint(0, 400) if is_mortal else None)
        channels: dict[str, Any] = {
            "topic": Mortal(self.topic, "topic", life),
            "chat": Mortal(self.queue, "chat", life),
        }
        announcer = announcer_of(
            cast("Any", mortal(self.mailwarden, life).ledger), channels, self.mailwarden.clock, mode=RepairMode.OFF
        )
        try:
            if keys:
                announcer.announce(*keys)
            else:
                announcer.announce_waiting()
        except Died:
            self.deaths["announce"] += 1
        except ExceptionGroup as failed:
            _, others = failed.split((ConnectionError, TimeoutError))
            if others is not None:
                raise

    def _deliver(self, group: str, name: str, body: str) -> None:
        self.queue.receipts[name] += 1
        self.chat.current = name
        attributes = {"ApproximateReceiveCount": str(self.queue.receipts[name])}
        record = {"messageId": name, "receiptHandle": name, "body": body, "attributes": attributes}
        failures = self.batch.handle({"Records": [record]}, log=KeptLog())["batchItemFailures"]
        if not self.chat.is_well and self.chance.random() < 0.05:
            # The function died before SQS was told: the message becomes visible again.
            self.deaths["slack"] += 1
            self.queue.hide({name: 360})
        elif not failures:
            self.queue.groups[group].popleft()


def sender(number: int) -> IdentityRef:
    return identity_ref(f"sender{number}@example.com", region="us-west-2")


def pools_of(cause: int) -> list[Pool]:
    return [seoul(cause * 1000 + number, source=sender(cause)) for number in range(POOLS)]


def look_at(mailwarden: Deployment, pools: list[Pool], call: str) -> None:
    """A look at each pool, of which the stream says nothing yet."""
    for each in pools:
        mailwarden.inspector().inspect(PoolHint(pool=each.ref, cause=a_call(call, at=mailwarden.clock.at)))


def test_500_findings_of_25_causes_are_delivered_in_order_whatever_fails(
    record_property: Callable[[str, object], None],
) -> None:
    run = FaultRun()
    mailwarden, pools = run.mailwarden, [pools_of(cause) for cause in range(CAUSES)]
    mailwarden.hold(*(each for some in pools for each in some))
    for cause in range(CAUSES):
        mailwarden.hold(closed(sender(cause)))
        look_at(mailwarden, pools[cause], "DeleteIdentityPolicy")
        run.minute(stream=cause not in range(5, 12))
    for _ in range(20):
        run.minute(stream=True)
    for cause in range(CAUSES):
        mailwarden.hold(opened(sender(cause)))
        look_at(mailwarden, pools[cause], "PutIdentityPolicy")
        run.minute(stream=cause not in range(9, 14))
    for _ in range(20):
        run.minute(stream=False)
    run.recover()
    for _ in range(30):
        run.minute(stream=False)

    bodies = {name: alert.report for name, alert in run.topic.alerts.items()}
    assert not any(run.queue.groups.values())
    assert max(run.queue.receipts.values()) < MOST_RECEIPTS
    for told in (run.topic.told, [(bodies[name].incident_id, name, bodies[name].version) for name in run.chat.taken]):
        by_incident: dict[str, list[tuple[str, int]]] = {}
        for incident, name, version in told:
            by_incident.setdefault(incident, []).append((name, version))
        assert len(by_incident) == CAUSES
        for messages in by_incident.values():
            assert [version for _, version in messages] == sorted(version for _, version in messages)
            assert bodies[messages[-1][0]].occasion is Occasion.ENDED
    twice_in_topic = sum(count - 1 for count in Counter(name for _, name, _ in run.topic.told).values())
    twice_in_chat = sum(count - 1 for count in Counter(run.chat.taken).values())
    # Each message that came twice was taken before its sender died or lost the answer.
    assert twice_in_topic <= run.topic.faults["answer lost"] + run.deaths["announce"]
    assert twice_in_chat <= run.chat.faults["stall"] + run.deaths["slack"] + run.deaths["announce"]
    assert run.deaths["announce"] > 10
    assert run.deaths["slack"] > 0
    assert set(run.topic.faults) == {"throttled", "answer lost"}
    assert set(run.chat.faults) == {"429", "500", "reset", "stall"}
    record_property(
        "measured",
        f"messages {len(run.topic.told)} and {len(run.chat.taken)}, twice {twice_in_topic} and {twice_in_chat}, "
        f"topic {dict(run.topic.faults)}, chat {dict(run.chat.faults)}, deaths {dict(run.deaths)}, "
        f"receipts at most {max(run.queue.receipts.values())}",
    )
