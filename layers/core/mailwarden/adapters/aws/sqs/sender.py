"""Sends messages to SQS in batches, and retries the messages that a batch did not accept."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailwarden.message import ExplainedError, message, verbatim

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

type SqsClient = SQSClient
type SendEntry = SendMessageBatchRequestEntryTypeDef

# Limits of SendMessageBatch (SQS API reference): ten messages, with the total size of one message. Queues created
# before August 2025 accept 256 KiB, newer ones 1 MiB; we use the smaller.
MOST_TOGETHER = 10
MOST_BYTES = 262_144
_ATTEMPTS = 4
_FIRST_PAUSE = 0.1


class NotSent(ExplainedError, RuntimeError):
    """SQS did not accept some messages; the text gives their number and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSender:
    """Sends to one queue; ``sleep`` waits for seconds."""

    client: SqsClient
    queue_url: str
    sleep: Callable[[float], None] = time.sleep

    def send(self, batch: Sequence[SendEntry]) -> None:
        """Send one batch, or raise: NotSent, or botocore's ClientError."""
        left = list(batch)
        pause = _FIRST_PAUSE
        for attempt in range(_ATTEMPTS):
            if attempt:
                self.sleep(pause)
                pause *= 2
            failed = self.client.send_message_batch(QueueUrl=self.queue_url, Entries=left).get("Failed", [])
            refused = [failure for failure in failed if failure["SenderFault"]]
            if refused:
                raise NotSent(
                    message("queue.refused", refused=len(refused), sent=len(left), code=verbatim(refused[0]["Code"]))
                )
            if not failed:
                return
            again = {failure["Id"] for failure in failed}
            left = [entry for entry in left if entry["Id"] in again]
        raise NotSent(message("queue.not-taken", left=len(left), sent=len(batch), attempts=_ATTEMPTS))


def batches(entries: Iterable[SendEntry]) -> Iterable[list[SendEntry]]:
    """Split messages into batches, in order.

    No batch holds two messages of one group: if only the first of them failed, they would be reordered.
    """
    batch: list[SendEntry] = []
    groups: set[str] = set()
    size = 0
    for entry in entries:
        bytes_of_it = len(entry["MessageBody"].encode())
        group = entry.get("MessageGroupId", "")
        if len(batch) == MOST_TOGETHER or group in groups or (batch and size + bytes_of_it > MOST_BYTES):
            yield batch
            batch, groups, size = [], set(), 0
        batch.append(entry)
        size += bytes_of_it
        if group:
            groups.add(group)
    if batch:
        yield batch
