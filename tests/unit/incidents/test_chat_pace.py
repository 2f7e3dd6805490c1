"""Many incidents at once in a chat that takes one message a second: all arrive, and none is given up."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mailwarden.inbound.sqs.slack import SlackBatch
from mailwarden.message import message
from mailwarden.ports.findings.webhook import Delivered, PostResult, RetryLater
from mailwarden.presentation.alerts.document import alert_body
from mailwarden.service.findings.slack_delivery import SlackDelivery
from tests.fakes.examples import a_pool
from tests.fakes.logs import KeptLog
from tests.unit.presentation.notices import a_notice

INCIDENTS = 300
# The template: two invocations at a time, and 40 receipts before a message is set aside.
WORKERS, MOST_RECEIPTS = 2, 40
AN_ATTEMPT = 0.1


@dataclass(slots=True)
class Chat:
    """Implements ``Webhook`` and ``MessageVisibility``, on the clock of the invocation that runs."""

    now: float = 0.0
    next_free: float = 0.0
    taken: list[float] = field(default_factory=list)
    visible_at: dict[str, float] = field(default_factory=dict)

    def post(self, payload: object) -> PostResult:
        del payload
        self.now += AN_ATTEMPT
        if self.now < self.next_free:
            return RetryLater(reason=message("webhook.status", status=429), after=1)
        self.next_free = self.now + 1
        self.taken.append(self.now)
        return Delivered()

    def hide(self, seconds: Mapping[str, int]) -> tuple[str, ...]:
        self.visible_at.update({receipt: self.now + wait for receipt, wait in seconds.items()})
        return ()

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_300_incidents_arrive_in_a_chat_of_one_message_a_second() -> None:
    one = a_notice()
    bodies = {f"m-{number}": alert_body(replace(one, pool=a_pool(number))) for number in range(INCIDENTS)}
    chat, order, free_at = Chat(), random.Random(7), [0.0] * WORKERS  # noqa: S311 - an order of messages
    batch = SlackBatch(delivery=SlackDelivery(webhook=chat), visibility=chat, sleep=chat.sleep)
    receipts = dict.fromkeys(bodies, 0)
    while bodies:
        worker = min(range(WORKERS), key=free_at.__getitem__)
        chat.now = free_at[worker]
        visible = [name for name in bodies if chat.visible_at.get(name, 0.0) <= chat.now]
        if visible:
            name = order.choice(visible)
            receipts[name] += 1
            record = {
                "messageId": name,
                "receiptHandle": name,
                "body": bodies[name],
                "attributes": {"ApproximateReceiveCount": str(receipts[name])},
            }
            if not batch.handle({"Records": [record]}, log=KeptLog())["batchItemFailures"]:
                del bodies[name]
        free_at[worker] = chat.now + AN_ATTEMPT

    assert max(receipts.values()) <= MOST_RECEIPTS // 2
    assert len(chat.taken) == INCIDENTS
    assert chat.taken[-1] < 1.5 * INCIDENTS
