"""Sends repair orders to the repairs queue, in order for each resource that is written."""

import hashlib
import re
from collections.abc import Sequence

from mailwarden.adapters.aws.dynamodb.items import sortable
from mailwarden.adapters.aws.sqs.sender import QueueSender, SendEntry, SqsClient, batches
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.queue_messages.codec import order_body

# "The maximum length of MessageGroupId is 128 characters" of letters, digits and ASCII punctuation (SQS API reference).
_GROUP = re.compile(r"[!-~]{1,128}")


class SqsRepairQueue:
    """Implements ``RepairQueue``."""

    def __init__(self, client: SqsClient, queue_url: str) -> None:
        self._sender = QueueSender(client=client, queue_url=queue_url)

    def send(self, orders: Sequence[RepairOrder]) -> None:
        """Send all; raises NotSent or ClientError. The same change found by the same look is sent once.

        The delay is a setting of the queue: a FIFO queue does not support a delay per message.
        """
        entries = [_entry(number, order) for number, order in enumerate(orders)]
        for batch in batches(entries):
            self._sender.send(batch)


def group_of(resource: str) -> str:
    """The message group for a resource: its name, or a digest where SQS would not accept the name."""
    if _GROUP.fullmatch(resource):
        return resource
    return hashlib.sha256(resource.encode()).hexdigest()


def deduplication_id(order: RepairOrder) -> str:
    """The same for the same change found by the same look; another look may order the same change again.

    A look is a pool and a time: the looks of one batch share one time.
    """
    look = f"{order.pool_arn}|{sortable(order.looked_at)}"
    return hashlib.sha256(f"{order.change_digest}|{look}".encode()).hexdigest()


def _entry(number: int, order: RepairOrder) -> SendEntry:
    return {
        "Id": str(number),
        "MessageBody": order_body(order),
        "MessageGroupId": group_of(order.resource),
        "MessageDeduplicationId": deduplication_id(order),
    }
