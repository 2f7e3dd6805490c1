"""The webhook takes what Slack takes, refuses what Slack refuses, and slows down when it is told to."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.mail.box import Sandbox, unique


@pytest.fixture
def channel(sandbox: Sandbox) -> Iterator[str]:
    yield unique("channel")
    sandbox.control("DELETE", "chat")


def post(sandbox: Sandbox, channel: str, payload: object) -> tuple[int, str]:
    answer = sandbox.control_response("POST", f"webhook/{channel}", payload)
    return answer.status, answer.data.decode()


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": "https://shop.example"}
TAKEN: dict[str, dict[str, Any]] = {
    "a text": {"text": "hello"},
    "fifty blocks": {"text": "a", "blocks": [section("b")] * 50},
    "the longest section": {"blocks": [section("b" * 3000)]},
    "every kind": {
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "b" * 150}},
            {"type": "divider"},
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "f"}] * 10},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}] * 10},
            {"type": "actions", "elements": [BUTTON] * 25},
        ]
    },
}
REFUSED: dict[str, tuple[object, str]] = {
    "nothing": ({}, "no_text"),
    "no object": ([], "invalid_payload"),
    "fifty-one blocks": ({"blocks": [section("b")] * 51}, "invalid_payload"),
    "an unknown block": ({"blocks": [{"type": "carousel"}]}, "invalid_payload"),
    "a header too long": (
        {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "b" * 151}}]},
        "invalid_payload",
    ),
    "a header with markup": (
        {"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "b"}}]},
        "invalid_payload",
    ),
    "a section too long": ({"blocks": [section("b" * 3001)]}, "invalid_payload"),
    "an empty section": ({"blocks": [section("")]}, "invalid_payload"),
    "too many fields": (
        {"blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "f"}] * 11}]},
        "invalid_payload",
    ),
    "a field too long": (
        {"blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "f" * 2001}]}]},
        "invalid_payload",
    ),
    "too much context": (
        {"blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}] * 11}]},
        "invalid_payload",
    ),
    "too many actions": ({"blocks": [{"type": "actions", "elements": [BUTTON] * 26}]}, "invalid_payload"),
    "a button's text too long": (
        {
            "blocks": [
                {
                    "type": "actions",
                    "elements": [BUTTON | {"text": {"type": "plain_text", "text": "b" * 76}}],
                }
            ]
        },
        "invalid_payload",
    ),
    "a button's address too long": (
        {"blocks": [{"type": "actions", "elements": [BUTTON | {"url": "https://" + "b" * 3000}]}]},
        "invalid_payload",
    ),
    "a block's id too long": ({"blocks": [section("b") | {"block_id": "b" * 256}]}, "invalid_payload"),
    "too much in all": ({"blocks": [section("b" * 3000)] * 5}, "msg_blocks_too_long"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_it_takes(case: str, sandbox: Sandbox, channel: str) -> None:
    assert post(sandbox, channel, TAKEN[case]) == (200, "ok")

    (message,) = sandbox.control("GET", "chat", channel=channel)
    assert message["payload"] == TAKEN[case]


@pytest.mark.parametrize("case", REFUSED)
def test_it_refuses(case: str, sandbox: Sandbox, channel: str) -> None:
    payload, said = REFUSED[case]

    assert post(sandbox, channel, payload) == (400, said)

    assert sandbox.control("GET", "chat", channel=channel) == []
    (refused,) = sandbox.control("GET", "chat", channel=channel, all="true")
    assert refused["status"] == 400


def test_it_asks_for_patience_as_often_as_told(sandbox: Sandbox, channel: str) -> None:
    sandbox.control("POST", f"webhook/{channel}/behavior", {"status": 429, "retry_after": 3, "count": 2})

    answers = [sandbox.control_response("POST", f"webhook/{channel}", {"text": "hello"}) for _ in range(3)]

    assert [answer.status for answer in answers] == [429, 429, 200]
    assert [answer.headers.get("Retry-After") for answer in answers] == ["3", "3", None]
    assert len(sandbox.control("GET", "chat", channel=channel)) == 1


def test_what_was_told_can_be_taken_back(sandbox: Sandbox, channel: str) -> None:
    sandbox.control("POST", f"webhook/{channel}/behavior", {"status": 500, "count": 9})

    sandbox.control("POST", f"webhook/{channel}/behavior", {"count": 0})

    assert post(sandbox, channel, {"text": "hello"}) == (200, "ok")
