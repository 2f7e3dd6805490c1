"""Remembers what passed through each queue, so that it can be delivered once more, late or in another order."""

import copy
import hashlib
import time
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from sandbox.control import ControlError, Json, Route

_KEPT_PER_QUEUE = 1000

type Message = dict[str, Any]

_passed: dict[str, deque[Message]] = defaultdict(lambda: deque(maxlen=_KEPT_PER_QUEUE))


def install() -> None:
    """Wrap `sqs._collect_msgs`, through which every message leaves a queue, to a client or to a mapping."""
    from ministack.services import sqs

    sqs._collect_msgs = remembering(sqs._collect_msgs)


def remembering(collect: Callable[..., list[Message]]) -> Callable[..., list[Message]]:
    """Keep a copy of what is received."""

    def collected(queue: Mapping[str, Any], *arguments: Any) -> list[Message]:  # noqa: ANN401 - passed on
        messages = collect(queue, *arguments)
        remember(queue, messages)
        return messages

    return collected


def remember(queue: Mapping[str, Any], messages: list[Message]) -> None:
    """Keep a copy of each message that was received for the first time."""
    arn = str(queue["attributes"]["QueueArn"])
    _passed[arn].extend(copy.deepcopy(message) for message in messages if message["receive_count"] == 1)


def enqueue(queue_arn: str, body: str, *, attributes: Mapping[str, str] | None = None) -> bool:
    """Put a message into a queue as a service does, without its policy being asked; false if there is no such queue."""
    from ministack.services import sqs

    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        return False
    _append(queue, [_message(queue, body, attributes or {})], delay=sqs.queue_delay(queue))
    return True


def _message(queue: Mapping[str, Any], body: str, attributes: Mapping[str, str]) -> Message:
    message: Message = {
        "id": str(uuid.uuid4()),
        "body": body,
        "message_attributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    }
    if queue["is_fifo"]:
        message |= {"group_id": "service", "dedup_id": hashlib.sha256(body.encode()).hexdigest()}
    return message


def _append(queue: dict[str, Any], messages: list[Message], *, delay: float) -> None:
    """Append messages all at once, so that one receive may find them together."""
    from ministack.core.concurrency import esm_wake
    from ministack.services import sqs

    now = time.time()
    with sqs._queues_lock:
        for message in messages:
            message |= {
                "receipt_handle": None,
                "sent_at": now,
                "visible_at": now + delay,
                "receive_count": 0,
                "first_receive_at": None,
            }
            if queue["is_fifo"]:
                queue["fifo_seq"] = queue.get("fifo_seq", 0) + 1
                message["seq"] = str(queue["fifo_seq"]).zfill(20)
            sqs._ensure_msg_fields(message)
            queue["messages"].append(message)
    esm_wake.set()


def _redeliver(path: Mapping[str, str], body: Json, _query: Mapping[str, str]) -> Json:
    """Deliver the last `count` messages again: same ids, as a queue that delivers at least once may do.

    With `containing` only messages that hold this text are meant.
    """
    options = body if isinstance(body, dict) else {}
    queue = _named(path["name"])
    count, delay = options.get("count", 1), options.get("delaySeconds", 0)
    if not isinstance(count, int) or not isinstance(delay, int | float) or count < 1 or delay < 0:
        raise ControlError(HTTPStatus.BAD_REQUEST, "count is a positive integer and delaySeconds a number of seconds")
    wanted = str(options.get("containing", ""))
    passed = _passed[queue["attributes"]["QueueArn"]]
    messages = [message for message in passed if wanted in message["body"]][-count:]
    if options.get("reverse"):
        messages.reverse()
    _append(queue, copy.deepcopy(messages), delay=delay)
    return {"redelivered": [message["id"] for message in messages]}


def _inject(path: Mapping[str, str], body: Json, _query: Mapping[str, str]) -> Json:
    """Put messages into a queue past its policy, all at once, as only AWS or a bug of a sender could."""
    bodies = body.get("bodies") if isinstance(body, dict) else None
    if not isinstance(bodies, list) or not all(isinstance(each, str) for each in bodies):
        raise ControlError(HTTPStatus.BAD_REQUEST, "bodies is a list of texts")
    queue = _named(path["name"])
    messages = [_message(queue, str(each), {}) for each in bodies]
    _append(queue, messages, delay=0)
    return {"injected": [message["id"] for message in messages]}


def _release(path: Mapping[str, str], _body: Json, _query: Mapping[str, str]) -> Json:
    """Let the visibility timeout of every message in flight, and every delay, end now."""
    from ministack.core.concurrency import esm_wake
    from ministack.services import sqs

    queue = _named(path["name"])
    now = time.time()
    with sqs._queues_lock:
        hidden = [message for message in queue["messages"] if message["visible_at"] > now]
        for message in hidden:
            message["visible_at"] = now
    esm_wake.set()
    return {"released": [message["id"] for message in hidden]}


def _named(name: str) -> dict[str, Any]:
    from ministack.services import sqs

    for (_account, _region, _url), queue in sqs._queues.all_items():
        if queue["attributes"]["QueueArn"].rsplit(":", 1)[-1] == name:
            found: dict[str, Any] = queue
            return found
    raise ControlError(HTTPStatus.NOT_FOUND, f"no queue is named {name}")


def routes() -> tuple[Route, ...]:
    """Redelivery, injection, and the end of waiting."""
    return (
        Route(
            "POST",
            "/_sandbox/queues/{name}/inject",
            _inject,
            "Put messages into a queue past its policy; returns their ids.",
            body={"bodies": ["{}"]},
        ),
        Route(
            "POST",
            "/_sandbox/queues/{name}/redeliver",
            _redeliver,
            "Deliver the last messages of a queue again; returns their ids.",
            body={"count": 2, "reverse": True, "delaySeconds": 0},
            members="`containing`: part of the message",
        ),
        Route(
            "POST",
            "/_sandbox/queues/{name}/release",
            _release,
            "Make every message of a queue visible now, whatever it waits for; returns their ids.",
        ),
    )
