"""Slack's Web API at `/api/`: chat.postMessage, chat.update and auth.test, as an app with chat:write sees them.

A failed call has the status 200 and ``"ok": false``; only too many calls have 429 and Retry-After. Names of errors and
limits: docs.slack.dev, reference of the three methods and "Rate limits".
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any

from sandbox.control import Response
from sandbox.mail.control import block_kit
from sandbox.mail.slack.injected import ANSWERS, Injected
from sandbox.mail.slack.workspace import BOT, WORKSPACE, Channel, Message

PREFIX = "/api/"
_LONGEST_TEXT = 40_000
# The contents of a message; the other arguments are its place.
_CONTENTS = ("text", "blocks", "unfurl_links", "unfurl_media")
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that the API received, and its answer: ``error`` is None for one that was carried out."""

    number: int
    at: float
    method: str
    channel: object
    status: int
    error: str | None
    reason: str | None
    payload: Any
    ts: str | None


CALLS: list[Call] = []


class _Refused(Exception):
    """The call fails with an error of Slack's; ``reason`` has the detail that Slack does not give."""

    def __init__(self, error: str, *, reason: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(error)
        self.error, self.reason, self.retry_after = error, reason, retry_after


async def answer(verb: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Answer one request; *headers* have small letters."""
    method = path.removeprefix(PREFIX)
    given, malformed = _given(verb, headers, body)
    planned = ANSWERS.next(method, given.get("channel"))
    if planned is not None:
        if planned.delay:
            await asyncio.sleep(planned.delay)
        if planned.taken:
            _carry_out(method, headers, given, malformed)
        if planned.error or planned.body is not None or planned.status != HTTPStatus.OK:
            return _planned(planned, method, given)
    return _carry_out(method, headers, given, malformed)


def _given(verb: str, headers: Mapping[str, str], body: bytes) -> tuple[dict[str, Any], str | None]:
    """The arguments, and the error of a request that has none."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if verb != "POST" or not body:
        return {}, None
    if kind != "application/json":
        return {}, "invalid_post_type"
    try:
        given = json.loads(body)
    except ValueError:
        return {}, "invalid_json"
    return (given, None) if isinstance(given, dict) else ({}, "json_not_object")


def _carry_out(method: str, headers: Mapping[str, str], given: dict[str, Any], malformed: str | None) -> Response:
    now = time.time()
    with WORKSPACE.lock:
        try:
            said = {"ok": True, **_result(method, _token(headers), given, malformed, now)}
        except _Refused as refused:
            _note(method, given, refused.error, refused.reason, None, 429 if refused.retry_after else 200, now)
            return _said({"ok": False, "error": refused.error}, retry_after=refused.retry_after)
        _note(method, given, None, None, str(said.get("ts") or "") or None, 200, now)
    return _said(said)


def _result(method: str, token: str, given: dict[str, Any], malformed: str | None, now: float) -> dict[str, Any]:
    if method not in _METHODS:
        raise _Refused("unknown_method")
    if malformed is not None:
        raise _Refused(malformed)
    return _METHODS[method](given, token, now)


def _token(headers: Mapping[str, str]) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or not token:
        raise _Refused("not_authed")
    state = WORKSPACE.tokens.get(token)
    if state != "valid":
        raise _Refused("invalid_auth" if state is None else state)
    return token


def _test(_: dict[str, Any], __: str, ___: float) -> dict[str, Any]:
    return {"url": "https://sandbox.slack.com/", "team": "Sandbox", "user": "mailwarden", "bot_id": BOT}


def _post(given: dict[str, Any], token: str, now: float) -> dict[str, Any]:
    name, channel = _channel(given)
    if not channel.is_member:
        raise _Refused("not_in_channel")
    if channel.is_archived:
        raise _Refused("is_archived")
    _check(given)
    wait = WORKSPACE.wait_to_post(channel, now)
    if wait:
        raise _Refused("ratelimited", retry_after=wait)
    channel.posted_at = now
    message = Message(
        number=next(_NUMBERS),
        channel=name,
        ts=WORKSPACE.next_ts(now),
        thread_ts=WORKSPACE.parent(name, given.get("thread_ts")),
        token=token,
        at=now,
        payload=_contents(given),
    )
    WORKSPACE.messages[name, message.ts] = message
    return _posted(message)


def _update(given: dict[str, Any], token: str, now: float) -> dict[str, Any]:
    name, channel = _channel(given)
    if channel.is_archived:
        raise _Refused("is_inactive")
    message = WORKSPACE.message(name, given.get("ts"))
    if message is None:
        raise _Refused("message_not_found")
    if message.token != token:
        raise _Refused("cant_update_message")
    _check(given)
    wait = WORKSPACE.wait_to_update(now)
    if wait:
        raise _Refused("ratelimited", retry_after=wait)
    WORKSPACE.updates.append(now)
    message.earlier.append(message.payload)
    message.payload = _contents(given)
    return _posted(message)


def _channel(given: dict[str, Any]) -> tuple[str, Channel]:
    name = str(given.get("channel") or "")
    if name not in WORKSPACE.channels:
        raise _Refused("channel_not_found")
    return name, WORKSPACE.channels[name]


def _check(given: dict[str, Any]) -> None:
    """Text and blocks within Slack's limits, as the webhook checks them."""
    reason = block_kit.objection(given)
    if reason is not None:
        raise _Refused(reason if reason in {"no_text", "msg_blocks_too_long"} else "invalid_blocks", reason=reason)
    if len(str(given.get("text", ""))) > _LONGEST_TEXT:
        raise _Refused("msg_too_long")


def _contents(given: dict[str, Any]) -> dict[str, Any]:
    """An update with a text and no blocks takes the blocks away."""
    return {name: given[name] for name in _CONTENTS if name in given}


def _posted(message: Message) -> dict[str, Any]:
    thread = {} if message.thread_ts is None else {"thread_ts": message.thread_ts}
    contents = message.payload if isinstance(message.payload, dict) else {}
    shown = {name: contents[name] for name in ("text", "blocks") if name in contents}
    return {
        "channel": message.channel,
        "ts": message.ts,
        "message": {"type": "message", "bot_id": BOT, "ts": message.ts, **shown, **thread},
    }


def _planned(planned: Injected, method: str, given: dict[str, Any]) -> Response:
    error = planned.error or ("ratelimited" if planned.status == HTTPStatus.TOO_MANY_REQUESTS else "internal_error")
    if not planned.taken:
        with WORKSPACE.lock:
            _note(method, given, error, "as set", None, planned.status, time.time())
    body: object = {"ok": False, "error": error} if planned.body is None else planned.body.encode()
    headers = {} if planned.location is None else {"Location": planned.location}
    return _said(body, retry_after=planned.retry_after, status=planned.status, headers=headers)


def _note(
    method: str, given: dict[str, Any], error: str | None, reason: str | None, ts: str | None, status: int, now: float
) -> None:
    CALLS.append(
        Call(
            number=next(_NUMBERS),
            at=now,
            method=method,
            channel=given.get("channel"),
            status=status,
            error=error,
            reason=reason,
            payload=given,
            ts=ts,
        )
    )


def _said(
    body: object,
    *,
    retry_after: int | None = None,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    later = {} if retry_after is None else {"Retry-After": str(retry_after)}
    wanted = status or (HTTPStatus.OK if retry_after is None else HTTPStatus.TOO_MANY_REQUESTS)
    return Response(status=wanted, body=body, headers={**later, **(headers or {})})


_METHODS = {"auth.test": _test, "chat.postMessage": _post, "chat.update": _update}
