"""Brings alerts from the chat queue to the webhook: in order, at the webhook's pace, none lost.

A message that cannot be delivered stays in the queue and at last waits with the dead letters. What makes the webhook
say "later" holds back everything behind it; what it refuses for good, or what nobody understands, holds back only later
alerts about the same finding, because an older version must never follow a newer one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.errors import code_of
from mailwarden.adapters.aws.sqs.sender import Client
from mailwarden.adapters.slack.webhook import Answer, Delivered, Rejected, RetryLater, Webhook
from mailwarden.documents.reader import MalformedDocument
from mailwarden.presentation.alerts.document import notice_from_body
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.slack.message import slack_message
from mailwarden.queue_messages.codec import MalformedMessage

if TYPE_CHECKING:
    from mailwarden.inbound.sqs.batch import Failures, Log

# Where the webhook does not say how long to wait: twice as long each time, up to ten minutes.
_FIRST_WAIT = 5
_LONGEST_WAIT = 600
_AT_ONCE = 0

type _Finding = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    message_id: str
    receipt: str
    body: str
    received: int


class SlackDelivery:
    """Handles batches of the chat queue; changes how long what failed stays hidden (ChangeMessageVisibility).

    A batch of one message is best: SQS counts every message of a batch as received, also those that had to wait, and
    the count decides when a message goes to the dead letters.
    """

    def __init__(self, webhook: Webhook, sqs: Client, queue_url: str) -> None:
        self._webhook = webhook
        self._sqs = sqs
        self._queue_url = queue_url

    def handle(self, event: Mapping[str, object], *, log: "Log") -> "Failures":
        """Deliver the records of one invocation in order; what failed is named and comes again."""
        failed: dict[_Record, int] = {}
        held: set[_Finding] = set()
        pause: int | None = None
        for record in _records(event):
            if pause is not None:
                failed[record] = pause
                continue
            notice = _understood(record, log)
            finding = None if notice is None else (notice.subject.arn, notice.rule_id)
            if notice is None or finding in held:
                failed[record] = _AT_ONCE
                continue
            match self._deliver(notice, record, log):
                case Delivered():
                    continue
                case RetryLater(after=after):
                    pause = _backoff(record.received) if after is None else after
                    failed[record] = pause
                case Rejected():
                    held.add((notice.subject.arn, notice.rule_id))
                    failed[record] = _AT_ONCE
        self._hide(failed, log)
        return {"batchItemFailures": [{"itemIdentifier": record.message_id} for record in failed]}

    def _deliver(self, notice: Notice, record: _Record, log: "Log") -> Answer:
        told = {"message_id": record.message_id, "alert_id": notice.alert_id, "rule": notice.rule_id}
        try:
            answer = self._webhook.post(slack_message(notice))
        except Exception:
            # Raised further it would bring back the whole batch, and tell again what was delivered.
            log.exception("delivery failed", extra=told)
            return RetryLater(reason="an error of ours")
        match answer:
            case Delivered():
                log.info("alert delivered", extra=told)
            case RetryLater(reason=reason, after=after):
                log.info("alert waits", extra={**told, "reason": reason, "asked_to_wait": after})
            case Rejected(reason=reason):
                log.error("alert refused", extra={**told, "reason": reason})
        return answer

    def _hide(self, failed: Mapping[_Record, int], log: "Log") -> None:
        """Let each message come again after its wait; if that fails they come after the queue's own time.

        What nobody can deliver comes again at once: until it is with the dead letters the queue holds back the rest.
        """
        if not failed:
            return
        try:
            answer = self._sqs.change_message_visibility_batch(
                QueueUrl=self._queue_url,
                Entries=[
                    {"Id": str(place), "ReceiptHandle": record.receipt, "VisibilityTimeout": seconds}
                    for place, (record, seconds) in enumerate(failed.items())
                ],
            )
        except (ClientError, BotoCoreError) as error:
            # Raising would bring back what was delivered as well, and tell it twice.
            _complain(log, code_of(error))
            return
        for failure in answer.get("Failed", []):
            _complain(log, failure["Code"])


def _records(event: Mapping[str, object]) -> Iterator[_Record]:
    """The records of an SQS event (Lambda guide, "Using Lambda with Amazon SQS")."""
    records = event.get("Records")
    for record in records if isinstance(records, list) else ():
        yield _Record(
            message_id=record["messageId"],
            receipt=record["receiptHandle"],
            body=record["body"],
            received=int(record.get("attributes", {}).get("ApproximateReceiveCount", "1")),
        )


def _understood(record: _Record, log: "Log") -> Notice | None:
    try:
        return notice_from_body(record.body)
    except (MalformedMessage, MalformedDocument) as error:
        reason = f"{type(error).__name__}: {error}"
    log.error("message not understood", extra={"message_id": record.message_id, "reason": reason})
    return None


def _complain(log: "Log", reason: str) -> None:
    log.error("wait not set", extra={"reason": reason})


def _backoff(received: int) -> int:
    doublings = min(max(received, 1) - 1, 10)
    return int(min(_FIRST_WAIT * 2**doublings, _LONGEST_WAIT))
