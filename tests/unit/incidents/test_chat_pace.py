"""Many incidents at once in a chat that takes one message a second: all arrive, and none is given up."""

import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from mailwarden.domain.incidents.alert import alert_of
from mailwarden.inbound.sqs.slack import SlackBatch
from mailwarden.message import message
from mailwarden.ports.findings.chat import ChatAnswer, Posted
from mailwarden.ports.findings.webhook import Delivered, PostResult, RetryLater
from mailwarden.presentation.alerts.document import alert_body
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.service.findings.slack_delivery import AlertPoster, SlackDelivery, WebhookPoster
from mailwarden.service.incidents.threaded_chat import ThreadedChat
from tests.fakes.examples import a_pool, a_record
from tests.fakes.ledger.incidents import InMemoryChatThreads
from tests.fakes.logs import KeptLog

INCIDENTS = 300
# The template: two invocations at a time, and 40 receipts before a message is set aside.
WORKERS, MOST_RECEIPTS = 2, 40
AN_ATTEMPT = 0.1
UPDATES_PER_MINUTE = 50


@dataclass(slots=True)
class Chat:
    """A channel of Slack on the clock of the running invocation; implements ``Clock``."""

    now_is: float = 0.0
    next_free: float = 0.0
    taken: list[float] = field(default_factory=list)
    updates: deque[float] = field(default_factory=deque)
    visible_at: dict[str, float] = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=dict)
    replies: dict[str, int] = field(default_factory=dict)

    def now(self) -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=self.now_is)

    def _take(self) -> RetryLater | None:
        self.now_is += AN_ATTEMPT
        if self.now_is < self.next_free:
            return RetryLater(reason=message("webhook.status", status=429), after=1)
        self.next_free = self.now_is + 1
        self.taken.append(self.now_is)
        return None

    def _change(self) -> RetryLater | None:
        self.now_is += AN_ATTEMPT
        while self.updates and self.updates[0] <= self.now_is - 60:
            self.updates.popleft()
        if len(self.updates) >= UPDATES_PER_MINUTE:
            wait = int(self.updates[0] + 60 - self.now_is) + 1
            return RetryLater(reason=message("webhook.status", status=429), after=wait)
        self.updates.append(self.now_is)
        return None


@dataclass(slots=True)
class Hook:
    """Implements ``Webhook`` over a chat."""

    chat: Chat

    def post(self, payload: object) -> PostResult:
        del payload
        return self.chat._take() or Delivered()


@dataclass(slots=True)
class Api:
    """Implements ``Chat`` over a chat."""

    chat: Chat

    def post(self, channel: str, contents: object, *, thread: str | None = None) -> ChatAnswer:
        del contents
        refused = self.chat._take()
        if refused is not None:
            return refused
        ts = f"1.{len(self.chat.taken)}"
        if thread is None:
            self.chat.shown[ts] = 1
        else:
            self.chat.replies[thread] = self.chat.replies.get(thread, 0) + 1
        return Posted(channel=channel, ts=ts, is_reply=thread is not None)

    def replace(self, channel: str, ts: str, contents: object) -> ChatAnswer:
        del contents
        refused = self.chat._change()
        if refused is not None:
            return refused
        self.chat.shown[ts] += 1
        return Posted(channel=channel, ts=ts, is_reply=False)


@dataclass(slots=True)
class Hiding:
    """Implements ``MessageVisibility`` over a chat."""

    chat: Chat

    def hide(self, seconds: Mapping[str, int]) -> tuple[str, ...]:
        self.chat.visible_at.update({receipt: self.chat.now_is + wait for receipt, wait in seconds.items()})
        return ()


def threads_in(chat: Chat) -> AlertPoster:
    return ThreadedChat(
        chat=Api(chat), threads=InMemoryChatThreads(), channel_of=lambda _: "C1", default_channel="C1", clock=chat
    )


def bodies_of(pool: int, versions: int) -> deque[tuple[str, str]]:
    """The messages of one incident, which wait for each other."""
    first = a_record(subject=a_pool(pool))
    records = [replace(first, lifecycle=replace(first.lifecycle, version=each)) for each in range(1, versions + 1)]
    notices = [notice_of(alert_of(record), rule_pages="https://docs.example/rules/") for record in records]
    return deque((f"m-{pool}-{notice.version}", alert_body(notice)) for notice in notices)


def run(chat: Chat, poster: AlertPoster, groups: Sequence[deque[tuple[str, str]]]) -> dict[str, int]:
    """Deliver everything as SQS and Lambda do; how often each message was received."""

    def sleep(seconds: float) -> None:
        chat.now_is += seconds

    order, free_at = random.Random(7), [0.0] * WORKERS  # noqa: S311 - an order of messages
    batch = SlackBatch(delivery=SlackDelivery(poster=poster), visibility=Hiding(chat), sleep=sleep)
    receipts: dict[str, int] = {}
    waiting = list(groups)
    while waiting:
        worker = min(range(WORKERS), key=free_at.__getitem__)
        chat.now_is = free_at[worker]
        visible = [group for group in waiting if chat.visible_at.get(group[0][0], 0.0) <= chat.now_is]
        if visible:
            group = order.choice(visible)
            name, body = group[0]
            receipts[name] = receipts.get(name, 0) + 1
            record = {
                "messageId": name,
                "receiptHandle": name,
                "body": body,
                "attributes": {"ApproximateReceiveCount": str(receipts[name])},
            }
            if not batch.handle({"Records": [record]}, log=KeptLog())["batchItemFailures"]:
                group.popleft()
                waiting = [each for each in waiting if each]
        free_at[worker] = chat.now_is + AN_ATTEMPT
    return receipts


@pytest.mark.parametrize("way", ["webhook", "threads"])
def test_300_incidents_arrive_in_a_chat_of_one_message_a_second(way: str) -> None:
    chat = Chat()
    poster = WebhookPoster(webhook=Hook(chat)) if way == "webhook" else threads_in(chat)

    receipts = run(chat, poster, [bodies_of(number, 1) for number in range(INCIDENTS)])

    assert max(receipts.values()) <= MOST_RECEIPTS // 2
    assert len(chat.taken) == INCIDENTS
    assert chat.taken[-1] < 1.5 * INCIDENTS


def test_300_incidents_that_open_and_end_arrive_with_their_threads_within_slacks_limits() -> None:
    chat = Chat()

    receipts = run(chat, threads_in(chat), [bodies_of(number, 2) for number in range(INCIDENTS)])

    assert max(receipts.values()) <= MOST_RECEIPTS // 2
    assert len(chat.shown) == len(chat.replies) == INCIDENTS
    # A reply that has to wait repeats no update.
    assert set(chat.shown.values()) == {2}
    assert set(chat.replies.values()) == {1}
    # 600 messages at one a second; 300 updates at 50 a minute fit into that time.
    assert chat.taken[-1] < 1.5 * 2 * INCIDENTS
