"""Feeds SQS messages to functions: message groups in parallel and in order; failed items stay in the queue."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.platform.event_sources.batch_report import reported_failures
from sandbox.platform.messaging import queues

type Queue = dict[str, Any]
type Message = dict[str, Any]

# Of a FIFO queue. Of a standard one Lambda gathers receipts up to the batch size (Lambda guide, "Using Lambda with
# Amazon SQS"), with a batching window, whose wait is spared here.
_MOST_OF_A_GROUP = 10


def install() -> None:
    """Replace `sqs._collect_fifo`, which lets a message overtake an earlier one of its group that is delayed."""
    from ministack.services import sqs

    sqs._collect_fifo = _collect_fifo


def waiting(queue_arn: str) -> int:
    """The number of receivable messages; those received too often move to the dead-letter queue first."""
    from ministack.services import sqs

    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        return 0
    with sqs._queues_lock:
        sqs._expire_retained(queue)
        sqs._dlq_sweep(queue)
        now = time.time()
        return sum(1 for message in queue["messages"] if message["visible_at"] <= now)


def receive(queue_arn: str, batch_size: int) -> list[Message]:
    """Take a batch; from a FIFO queue it holds one message group, so that groups run side by side and in order."""
    from ministack.services import sqs

    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        return []
    with sqs._queues_lock:
        visibility = int(queue["attributes"].get("VisibilityTimeout", "30"))
        if not queue["is_fifo"]:
            found: list[Message] = sqs._collect_msgs(queue, batch_size, visibility)
            return found
        size = min(batch_size, _MOST_OF_A_GROUP)
        first: list[Message] = sqs._collect_msgs(queue, 1, visibility)
        if not first:
            return []
        rest = _ready(queue, time.time(), ahead=first[0]["group_id"])[: size - 1]
        _take(rest, visibility)
        queues.remember(queue, rest)
        return first + rest


def run(mapping: dict[str, Any], function: Mapping[str, Any], batch: list[Message]) -> None:
    """Invoke the function with one batch and delete what it handled; the rest waits for its visibility timeout."""
    from ministack.services import lambda_svc, sqs

    source = mapping["EventSourceArn"]
    records = [_record(message, source) for message in batch]
    wanted = lambda_svc._apply_filter_criteria(records, mapping)
    failed: frozenset[str] | None = frozenset()
    if wanted:
        result = lambda_svc._execute_function(function, {"Records": wanted})
        failed = reported_failures(result, mapping)
    handled = [] if failed is None else [message for message in batch if message["id"] not in failed]
    mapping["LastProcessingResult"] = "OK" if len(handled) == len(batch) else "PROBLEM: Function call failed"
    with sqs._queues_lock:
        queue = sqs._queue_by_arn(source)
        if queue is not None:
            receipts = {message["receipt_handle"] for message in handled}
            queue["messages"] = [
                message for message in queue["messages"] if message.get("receipt_handle") not in receipts
            ]


def _collect_fifo(queue: Queue, most: int, visibility: float, now: float) -> list[Message]:
    """Receive from a FIFO queue: no group with a message in flight or delayed ahead of the one to be taken."""
    found = _ready(queue, now)[:most]
    _take(found, visibility)
    return found


def _ready(queue: Queue, now: float, *, ahead: str | None = None) -> list[Message]:
    """The messages that may be received, in order; with `ahead`, what follows in the group just taken from."""
    blocked: set[str] = set()
    found = []
    for message in queue["messages"]:
        group = message["group_id"]
        if ahead is not None and group != ahead:
            continue
        if message["visible_at"] > now:
            if ahead is None:
                blocked.add(group)
        elif group not in blocked:
            found.append(message)
    return found


def _take(messages: list[Message], visibility: float) -> None:
    now = time.time()
    for message in messages:
        message["receipt_handle"] = str(uuid.uuid4())
        message["visible_at"] = now + visibility
        message["receive_count"] += 1
        message["first_receive_at"] = message.get("first_receive_at") or now


def _record(message: Message, source_arn: str) -> dict[str, Any]:
    """One record of the event a function gets. Source: Lambda Developer Guide, "Example Amazon SQS message event"."""
    from ministack.services import lambda_svc

    first = message.get("first_receive_at") or time.time()
    attributes = {
        "ApproximateReceiveCount": str(message["receive_count"]),
        "SentTimestamp": str(int(message["sent_at"] * 1000)),
        "SenderId": str(message["sys"].get("SenderId", "")),
        "ApproximateFirstReceiveTimestamp": str(int(first * 1000)),
    }
    optional = {
        "AWSTraceHeader": message["sys"].get("AWSTraceHeader"),
        "MessageGroupId": message.get("group_id"),
        "MessageDeduplicationId": message.get("dedup_id"),
        "SequenceNumber": message.get("seq"),
    }
    attributes |= {name: str(value) for name, value in optional.items() if value}
    return {
        "messageId": message["id"],
        "receiptHandle": message["receipt_handle"],
        "body": message["body"],
        "attributes": attributes,
        "messageAttributes": lambda_svc._sqs_message_attributes_to_camel_case(message["message_attributes"]),
        "md5OfBody": message["md5_body"],
        "eventSource": "aws:sqs",
        "eventSourceARN": source_arn,
        "awsRegion": source_arn.split(":")[3],
    }
