"""Sends hints to the hints queue."""

import math
from collections.abc import Sequence
from datetime import timedelta

from mailwarden.adapters.aws.sqs.sender import QueueSender, SendEntry, SqsClient, batches
from mailwarden.ports.hint_queue import DelayedHint
from mailwarden.queue_messages.codec import hint_body

# "DelaySeconds: valid values 0 to 900" (SQS API reference, SendMessageBatchRequestEntry).
_LONGEST_DELAY = timedelta(minutes=15)


class SqsHintQueue:
    """Implements ``HintQueue``."""

    def __init__(self, client: SqsClient, queue_url: str) -> None:
        self._sender = QueueSender(client=client, queue_url=queue_url)

    def send(self, hints: Sequence[DelayedHint]) -> None:
        """Send all; raises NotSent, ClientError, or ValueError for a delay that SQS does not accept."""
        entries = [_entry(number, delayed) for number, delayed in enumerate(hints)]
        for batch in batches(entries):
            self._sender.send(batch)


def _entry(number: int, delayed: DelayedHint) -> SendEntry:
    if not timedelta(0) <= delayed.delay <= _LONGEST_DELAY:
        raise ValueError(f"a hint cannot wait {delayed.delay}: SQS holds a message back for 0 to 15 minutes")
    return {
        "Id": str(number),
        "MessageBody": hint_body(delayed.hint),
        "DelaySeconds": math.ceil(delayed.delay.total_seconds()),
    }
