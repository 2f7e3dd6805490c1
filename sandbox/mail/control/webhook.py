"""A webhook that behaves like Slack's: it takes messages, refuses malformed ones, and slows down on request."""

import asyncio
import itertools
import threading
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from sandbox.control import Json, Response, Route
from sandbox.mail.control import block_kit
from sandbox.mail.control.body import members, refuse_unknown
from sandbox.mail.slack import control as slack

_WORDS = {
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limited",
    HTTPStatus.NOT_FOUND: "no_service",
    HTTPStatus.FORBIDDEN: "action_prohibited",
    HTTPStatus.GONE: "channel_is_archived",
    HTTPStatus.INTERNAL_SERVER_ERROR: "rollup_error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Behavior:
    """How one coming request is answered instead of being taken."""

    status: int | None
    retry_after: int | None
    delay: float
    body: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Received:
    """One request to the webhook, and how it was answered."""

    number: int
    time: float
    channel: str
    status: int
    answer: str
    reason: str | None
    payload: Json

    def shown(self) -> dict[str, Json]:
        return {
            "id": self.number,
            "time": self.time,
            "channel": self.channel,
            "status": self.status,
            "answer": self.answer,
            "reason": self.reason,
            "payload": self.payload,
        }


_lock = threading.Lock()
_numbers = itertools.count(1)
_received: list[_Received] = []
_coming: dict[str, deque[_Behavior]] = defaultdict(deque)


async def _take(path: Mapping[str, str], body: Json, _: Mapping[str, str]) -> Response:
    """Answer as Slack's incoming webhook: 200 ``ok``, 400 ``invalid_payload``, or what was asked for beforehand."""
    channel = path["channel"]
    with _lock:
        behavior = _coming[channel].popleft() if _coming[channel] else None
    if behavior is not None and behavior.delay:
        await asyncio.sleep(behavior.delay)
    if behavior is not None and behavior.status is not None:
        said = behavior.body or _WORDS.get(HTTPStatus(behavior.status), "error")
        headers = {} if behavior.retry_after is None else {"Retry-After": str(behavior.retry_after)}
        return _answered(channel, body, behavior.status, said, None, headers)
    reason = block_kit.objection(body)
    if reason is None:
        return _answered(channel, body, HTTPStatus.OK, "ok", None, {})
    said = reason if reason in {"no_text", "msg_blocks_too_long"} else "invalid_payload"
    return _answered(channel, body, HTTPStatus.BAD_REQUEST, said, reason, {})


def _answered(
    channel: str, payload: Json, status: int, said: str, reason: str | None, headers: dict[str, str]
) -> Response:
    with _lock:
        _received.append(
            _Received(
                number=next(_numbers),
                time=time.time(),
                channel=channel,
                status=int(status),
                answer=said,
                reason=reason,
                payload=payload,
            )
        )
    return Response(status=status, body=said.encode(), headers=headers | {"Content-Type": "text/html"})


def _behave(path: Mapping[str, str], body: Json, _: Mapping[str, str]) -> object:
    """Set the answer to the next ``count`` requests: a status (with ``retry_after``), or a ``delay`` in seconds.

    A delay without a status takes the message, late. ``count`` 0 clears earlier settings.
    """
    given = members(body)
    refuse_unknown(given, {"status", "retry_after", "count", "delay", "body"})
    count = int(given.get("count", 1))
    behavior = _Behavior(
        status=given.get("status"),
        retry_after=given.get("retry_after"),
        delay=float(given.get("delay", 0)),
        body=given.get("body"),
    )
    with _lock:
        waiting = _coming[path["channel"]]
        if count == 0:
            waiting.clear()
        waiting.extend([behavior] * count)
        return {"waiting": len(waiting)}


def _chat(_: Mapping[str, str], __: Json, query: Mapping[str, str]) -> object:
    """List the messages that were taken, oldest first; with ``all=true`` also the refused ones."""
    with _lock:
        received = list(_received)
    listed = [(one.time, one.shown()) for one in received if one.status == HTTPStatus.OK]
    listed.extend(slack.messages())
    if query.get("all") == "true":
        listed.extend((one.time, one.shown()) for one in received if one.status != HTTPStatus.OK)
        listed.extend(slack.refused())
    listed.sort(key=lambda each: each[0])
    return [one for _, one in listed if query.get("channel") in (None, one["channel"])]


def _forget(_: Mapping[str, str], __: Json, ___: Mapping[str, str]) -> object:
    with _lock:
        _received.clear()
        _coming.clear()
    slack.forget()
    return {}


ROUTES = (
    Route(
        "POST",
        "/_sandbox/webhook/{channel}",
        _take,
        "Take a message as a Slack webhook does: answers `ok`, or why the message is refused.",
        body={"text": "hello"},
    ),
    Route(
        "POST",
        "/_sandbox/webhook/{channel}/behavior",
        _behave,
        "Set how the webhook answers the next requests.",
        body={"status": 429, "retry_after": 30, "count": 1},
        members="`delay` in seconds, `body` of the answer; `count` 0 removes what is set",
    ),
    Route(
        "GET",
        "/_sandbox/chat",
        _chat,
        "List the messages that Slack took: of its API as they are now, with `ts`, `thread_ts` and `replies`; "
        "with `all=true` also those it refused.",
        query=("channel", "all"),
    ),
    Route("DELETE", "/_sandbox/chat", _forget, "Forget all messages, and how to answer."),
)
