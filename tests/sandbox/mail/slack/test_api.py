"""Slack's Web API in the box takes what Slack takes, fails as Slack fails, and keeps threads as Slack keeps them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import urllib3

from tests.sandbox.mail.box import Sandbox

TOKEN = "xoxb-sandbox"
HTTP = urllib3.PoolManager()


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """The API of the box with a channel of this test's own."""

    sandbox: Sandbox
    channel: str

    def call(
        self, method: str, *, token: str | None = TOKEN, kind: str = "application/json; charset=utf-8", **given: object
    ) -> Any:  # noqa: ANN401 - an answer
        body = json.dumps({"channel": self.channel, **given}).encode()
        headers = {"Content-Type": kind} | ({} if token is None else {"Authorization": f"Bearer {token}"})
        return HTTP.request("POST", f"{self.sandbox.endpoint}/api/{method}", body=body, headers=headers, retries=False)

    def said(self, method: str, **given: Any) -> Any:  # noqa: ANN401 - JSON
        answer = self.call(method, **given)
        assert answer.status == 200
        return answer.json()

    def post(self, **given: object) -> str:
        said = self.said("chat.postMessage", **{"text": "hello", **given})
        assert said["ok"], said
        return str(said["ts"])

    def shown(self, **query: str) -> list[Any]:
        listed: list[Any] = self.sandbox.control("GET", "chat", channel=self.channel, **query)
        return listed


@pytest.fixture
def slack(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    channel = f"C{abs(hash(request.node.name)) % 10**9:09}"
    sandbox.control("POST", f"slack/channels/{channel}", {"member": True})
    sandbox.control("POST", "slack/limits", {"seconds_between_posts": 0, "updates_per_minute": 1000})
    yield Workspace(sandbox=sandbox, channel=channel)
    sandbox.control("POST", "slack/limits", {"seconds_between_posts": 1, "updates_per_minute": 50})
    sandbox.control("DELETE", "chat")


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_a_message_its_thread_and_its_update_are_shown_as_the_channel_shows_them(slack: Workspace) -> None:
    first = slack.post(text="one", blocks=[section("one")])
    reply = slack.post(text="a reply", thread_ts=first)

    updated = slack.said("chat.update", ts=first, text="two", blocks=[section("two")])

    assert (updated["ok"], updated["ts"], updated["message"]["text"]) == (True, first, "two")
    parent, child = slack.shown()
    assert (parent["payload"]["text"], parent["thread_ts"], parent["replies"]) == ("two", None, [reply])
    assert [earlier["text"] for earlier in parent["earlier"]] == ["one"]
    assert (child["payload"], child["thread_ts"]) == ({"text": "a reply"}, first)


def test_an_update_with_a_text_alone_takes_the_blocks_away(slack: Workspace) -> None:
    ts = slack.post(blocks=[section("one")])

    slack.said("chat.update", ts=ts, text="two")

    (message,) = slack.shown()
    assert message["payload"] == {"text": "two"}


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_reply_joins_the_thread_of_a_message_that_is_there_and_says_so(slack: Workspace, is_deleted: bool) -> None:
    first = slack.post()
    if is_deleted:
        slack.sandbox.control("DELETE", f"slack/channels/{slack.channel}/messages/{first}")

    said = slack.said("chat.postMessage", text="a reply", thread_ts=first)

    assert said["ok"]
    assert said["message"].get("thread_ts") == (None if is_deleted else first)


def test_a_reply_to_a_reply_joins_the_thread_of_its_parent(slack: Workspace) -> None:
    first = slack.post()
    reply = slack.post(thread_ts=first)

    said = slack.said("chat.postMessage", text="another", thread_ts=reply)

    assert said["message"]["thread_ts"] == first


FAILING: dict[str, tuple[str, dict[str, Any], str]] = {
    "no token": ("chat.postMessage", {"token": None, "text": "a"}, "not_authed"),
    "an unknown token": ("chat.postMessage", {"token": "xoxb-other", "text": "a"}, "invalid_auth"),
    "an unknown method": ("chat.shout", {"text": "a"}, "unknown_method"),
    "another content type": ("chat.postMessage", {"kind": "text/html", "text": "a"}, "invalid_post_type"),
    "an unknown channel": ("chat.postMessage", {"channel": "C0", "text": "a"}, "channel_not_found"),
    "a name": ("chat.postMessage", {"channel": "#alerts", "text": "a"}, "channel_not_found"),
    "nothing": ("chat.postMessage", {}, "no_text"),
    "an unknown block": ("chat.postMessage", {"blocks": [{"type": "carousel"}]}, "invalid_blocks"),
    "fifty-one blocks": ("chat.postMessage", {"blocks": [section("a")] * 51}, "invalid_blocks"),
    "a long section": ("chat.postMessage", {"blocks": [section("a" * 3001)]}, "invalid_blocks"),
    "too much": ("chat.postMessage", {"blocks": [section("a" * 3000)] * 5}, "msg_blocks_too_long"),
    "a long text": ("chat.postMessage", {"text": "a" * 40_001}, "msg_too_long"),
    "an update of nothing": ("chat.update", {"ts": "1.000001", "text": "a"}, "message_not_found"),
    "an update elsewhere": ("chat.update", {"channel": "C0", "ts": "1.000001", "text": "a"}, "channel_not_found"),
}


@pytest.mark.parametrize("case", FAILING)
def test_a_call_that_fails_is_answered_200_and_not_ok(case: str, slack: Workspace) -> None:
    method, given, error = FAILING[case]

    assert slack.said(method, **given) == {"ok": False, "error": error}

    assert slack.shown() == []


def test_a_channel_without_the_app_and_one_that_is_archived_take_nothing(slack: Workspace) -> None:
    first = slack.post()
    slack.sandbox.control("POST", f"slack/channels/{slack.channel}", {"member": False})
    outside = slack.said("chat.postMessage", text="a")
    slack.sandbox.control("POST", f"slack/channels/{slack.channel}", {"member": True, "archived": True})

    archived = slack.said("chat.postMessage", text="a"), slack.said("chat.update", ts=first, text="a")

    assert outside["error"] == "not_in_channel"
    assert [said["error"] for said in archived] == ["is_archived", "is_inactive"]


def test_a_message_of_another_app_cannot_be_updated(slack: Workspace) -> None:
    slack.sandbox.control("POST", "slack/tokens/xoxb-second", {"state": "valid"})
    first = slack.post(token="xoxb-second")

    assert slack.said("chat.update", ts=first, text="a")["error"] == "cant_update_message"


def test_a_token_that_was_revoked_is_refused_until_it_is_valid_again(slack: Workspace) -> None:
    slack.sandbox.control("POST", f"slack/tokens/{TOKEN}", {"state": "token_revoked"})
    refused = slack.said("auth.test")
    slack.sandbox.control("POST", f"slack/tokens/{TOKEN}", {"state": "valid"})

    assert refused == {"ok": False, "error": "token_revoked"}
    assert slack.said("auth.test")["ok"]


def test_a_channel_takes_a_message_a_second_and_the_workspace_fifty_updates_a_minute(slack: Workspace) -> None:
    first = slack.post()
    slack.sandbox.control("POST", "slack/limits", {"seconds_between_posts": 60, "updates_per_minute": 1})

    slow = slack.call("chat.postMessage", text="a")
    updates = [slack.call("chat.update", ts=first, text=text) for text in ("b", "c")]

    assert (slow.status, slow.json()) == (429, {"ok": False, "error": "ratelimited"})
    assert 50 <= int(slow.headers["Retry-After"]) <= 60
    assert [update.status for update in updates] == [200, 429]
    assert 50 <= int(updates[1].headers["Retry-After"]) <= 60


def test_slack_answers_as_it_is_told_to(slack: Workspace) -> None:
    def told(**behavior: object) -> Any:  # noqa: ANN401 - an answer
        slack.sandbox.control("POST", "slack/behavior", {"channel": slack.channel, **behavior})
        return slack.call("chat.postMessage", text="a")

    assert told(error="fatal_error").json() == {"ok": False, "error": "fatal_error"}
    assert told(retry_after=7).headers["Retry-After"] == "7"
    assert told(status=503, body="down").data == b"down"
    assert told(status=302, location="http://127.0.0.1:9").headers["Location"] == "http://127.0.0.1:9"
    assert slack.shown() == []
    assert [call["answer"] for call in slack.shown(all="true")] == [
        "fatal_error",
        "ratelimited",
        "internal_error",
        "internal_error",
    ]


def test_an_answer_can_be_lost_after_the_message_was_taken(slack: Workspace) -> None:
    slack.sandbox.control("POST", "slack/behavior", {"channel": slack.channel, "taken": True, "status": 500})

    answer = slack.call("chat.postMessage", text="a")

    assert answer.status == 500
    assert [message["payload"] for message in slack.shown()] == [{"text": "a"}]


def test_answers_that_were_set_can_be_taken_back(slack: Workspace) -> None:
    slack.sandbox.control("POST", "slack/behavior", {"error": "internal_error", "count": 9})

    slack.sandbox.control("POST", "slack/behavior", {"count": 0})

    assert slack.post()
