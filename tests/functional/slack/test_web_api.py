"""Slack's Web API: what each answer means, that the token goes to one origin only, and that nothing shows it."""

import json
import socket
from dataclasses import dataclass
from typing import Any

import pytest

from mailwarden.adapters.slack.errors import Meaning, meaning_of
from mailwarden.adapters.slack.request import NoOrigin
from mailwarden.adapters.slack.web_api import SlackWebApi
from mailwarden.adapters.slack.webhook import NoAddress
from mailwarden.message import Message, message, verbatim
from mailwarden.ports.findings.chat import ChannelRefused, MessageGone, Posted
from mailwarden.ports.findings.webhook import Delivered, Rejected, RetryLater
from tests.functional.slack.hooks import Hook, Reply, running_hook
from tests.texts import says

TOKEN = "xoxb-1-secret"
CHANNEL, TS = "C012345678", "1772452781.000100"
CONTENTS = {"text": "쇼핑몰", "unfurl_links": False, "unfurl_media": False, "blocks": [{"type": "divider"}]}


@dataclass(slots=True)
class KnownToken:
    """A token that is known, and how often it was given up."""

    token: str = TOKEN
    forgotten: int = 0

    def current(self) -> str:
        return self.token

    def forget(self) -> None:
        self.forgotten += 1


class Unreadable:
    """A secret that cannot be read."""

    def current(self) -> str:
        raise NoAddress(verbatim("no"))

    def forget(self) -> None:
        """There is nothing to forget."""


def api(hook: Hook, token: KnownToken | None = None) -> SlackWebApi:
    return SlackWebApi(token or KnownToken(), origin=hook.origin)


def ok(**members: object) -> Reply:
    return Reply(body=json.dumps({"ok": True, "channel": CHANNEL, "ts": TS, **members}))


def failed(error: object, **members: Any) -> Reply:  # noqa: ANN401 - members of a reply
    return Reply(body=json.dumps({"ok": False, "error": error}), **members)


def said(error: str) -> Message:
    return message("slack.error", error=error)


def test_a_message_is_posted_as_json_with_the_token(hook: Hook) -> None:
    hook.replies.append(ok(message={"ts": TS}))

    answer = api(hook).post(CHANNEL, CONTENTS)

    assert answer == Posted(channel=CHANNEL, ts=TS, is_reply=False)
    assert hook.paths == ["/api/chat.postMessage"]
    assert hook.types == ["application/json; charset=utf-8"]
    assert hook.credentials == [f"Bearer {TOKEN}"]
    assert [json.loads(body) for body in hook.bodies] == [{**CONTENTS, "channel": CHANNEL}]


@pytest.mark.parametrize("thread_ts", [TS, None])
def test_a_reply_is_one_only_if_slack_put_it_into_the_thread(hook: Hook, thread_ts: str | None) -> None:
    hook.replies.append(ok(ts="2.2", message={"thread_ts": thread_ts} if thread_ts else {}))

    answer = api(hook).post(CHANNEL, CONTENTS, thread=TS)

    assert answer == Posted(channel=CHANNEL, ts="2.2", is_reply=thread_ts is not None)
    assert json.loads(hook.bodies[0])["thread_ts"] == TS


def test_a_message_is_replaced_with_text_and_blocks_and_without_links_of_slacks_own(hook: Hook) -> None:
    hook.replies.append(ok())

    answer = api(hook).replace(CHANNEL, TS, CONTENTS)

    assert answer == Posted(channel=CHANNEL, ts=TS, is_reply=False)
    assert hook.paths == ["/api/chat.update"]
    contents = {"text": CONTENTS["text"], "blocks": CONTENTS["blocks"], "parse": "none", "link_names": False}
    assert json.loads(hook.bodies[0]) == {**contents, "channel": CHANNEL, "ts": TS}


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        ("internal_error", RetryLater(reason=said("internal_error"))),
        ("message_not_found", MessageGone(reason=said("message_not_found"))),
        ("is_archived", ChannelRefused(channel=CHANNEL, reason=said("is_archived"))),
        ("invalid_auth", Rejected(reason=said("invalid_auth"))),
    ],
)
@pytest.mark.parametrize("method", ["post", "replace"])
def test_each_meaning_of_an_error_has_its_consequence(hook: Hook, error: str, answer: object, method: str) -> None:
    token = KnownToken()
    hook.replies.append(failed(error))
    slack = api(hook, token)

    given = slack.post(CHANNEL, CONTENTS) if method == "post" else slack.replace(CHANNEL, TS, CONTENTS)

    assert given == answer
    # The secret may have been replaced meanwhile.
    assert token.forgotten == isinstance(answer, Rejected)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        ("ratelimited", Meaning.LATER),
        ("internal_error", Meaning.LATER),
        ("invalid_auth", Meaning.FINAL),
        ("token_revoked", Meaning.FINAL),
        ("msg_too_long", Meaning.FINAL),
        ("invalid_blocks", Meaning.FINAL),
        ("not_in_channel", Meaning.OTHER_CHANNEL),
        ("channel_not_found", Meaning.OTHER_CHANNEL),
        ("is_archived", Meaning.OTHER_CHANNEL),
        ("message_not_found", Meaning.GONE),
        ("cant_update_message", Meaning.GONE),
        ("an_error_of_tomorrow", Meaning.FINAL),
    ],
)
def test_the_errors_that_matter_most_are_understood(error: str, meaning: Meaning) -> None:
    assert meaning_of(error) is meaning


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (
            failed("ratelimited", status=429, headers=(("Retry-After", "17"),)),
            RetryLater(reason=said("ratelimited"), after=17),
        ),
        (failed("ratelimited", headers=(("Retry-After", "3"),)), RetryLater(reason=said("ratelimited"), after=3)),
        (Reply(status=429, body=""), RetryLater(reason=message("webhook.status", status=429))),
        (Reply(status=500, body="<html>"), RetryLater(reason=message("webhook.status", status=500))),
        (failed("fatal_error", status=503), RetryLater(reason=said("fatal_error"))),
        (failed("invalid_auth", status=401), Rejected(reason=said("invalid_auth"))),
        (failed("is_archived", status=403), ChannelRefused(channel=CHANNEL, reason=said("is_archived"))),
        (Reply(status=403, body="<html>blocked</html>"), Rejected(reason=message("webhook.status", status=403))),
        (Reply(status=404, body="{}"), Rejected(reason=message("webhook.status", status=404))),
        (failed("an_error_of_tomorrow"), Rejected(reason=said("an_error_of_tomorrow"))),
        (failed(None), Rejected(reason=said("unnamed_error"))),
        (failed("<!channel> it failed"), Rejected(reason=said("unnamed_error"))),
        # Not known to have succeeded, and not to have failed.
        (Reply(body="ok"), RetryLater(reason=message("slack.not-understood"))),
        (Reply(body=""), RetryLater(reason=message("slack.not-understood"))),
        (Reply(body="[]"), RetryLater(reason=message("slack.not-understood"))),
        (Reply(body="{}"), RetryLater(reason=message("slack.not-understood"))),
        (Reply(body='{"ok": "yes"}'), RetryLater(reason=message("slack.not-understood"))),
        (Reply(body='{"ok": true}'), RetryLater(reason=message("slack.not-understood"))),
        (Reply(body="[" * 100_000), RetryLater(reason=message("slack.not-understood"))),
    ],
    ids=lambda value: f"{value.status} {value.body[:40]}" if isinstance(value, Reply) else "",
)
def test_understands_each_answer(hook: Hook, reply: Reply, answer: object) -> None:
    hook.replies.append(reply)

    assert api(hook).post(CHANNEL, CONTENTS) == answer


def test_a_missing_answer_is_retried(hook: Hook) -> None:
    hook.replies.append(Reply(hang=True))

    answer = api(hook).post(CHANNEL, CONTENTS)

    assert answer == RetryLater(reason=message("webhook.not-reached", origin=hook.origin, error="RemoteDisconnected"))


def test_an_unreachable_host_is_retried() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{unused.getsockname()[1]}"

        answer = SlackWebApi(KnownToken(), origin=origin).post(CHANNEL, CONTENTS)

    assert isinstance(answer, RetryLater)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_token_follows_no_redirect(hook: Hook, status: int) -> None:
    with running_hook() as elsewhere:
        hook.replies.append(Reply(status=status, body="", headers=(("Location", f"{elsewhere.origin}/x"),)))

        answer = api(hook).post(CHANNEL, CONTENTS)

    assert answer == Rejected(reason=message("webhook.redirects", answer=message("webhook.status", status=status)))
    assert elsewhere.paths == []


@pytest.mark.parametrize("origin", ["slack.com", "https://slack.com/api", "https://a@slack.com", "ftp://slack.com", ""])
def test_an_origin_is_a_scheme_a_host_and_a_port(origin: str) -> None:
    with pytest.raises(NoOrigin, check=says("origin")):
        SlackWebApi(KnownToken(), origin=origin)


@pytest.mark.parametrize("token", ["", "xoxb-1\r\nX-Other: 1", "xoxb 1", "xoxb-é"])
def test_what_is_no_token_is_sent_nowhere(hook: Hook, token: str) -> None:
    answer = api(hook, KnownToken(token)).post(CHANNEL, CONTENTS)

    assert answer == Rejected(reason=message("slack.no-token"))
    assert hook.paths == []


def test_a_secret_that_cannot_be_read_is_read_again_later(hook: Hook) -> None:
    assert SlackWebApi(Unreadable(), origin=hook.origin).post(CHANNEL, {}) == RetryLater(reason=verbatim("no"))
    assert hook.paths == []


def test_no_answer_and_no_representation_has_the_token(hook: Hook) -> None:
    slack = api(hook)
    hook.replies += [failed(f"invalid {TOKEN}"), Reply(status=500, body=TOKEN), Reply(hang=True), Reply(body=TOKEN)]

    shown = [repr(slack), *(repr(slack.post(CHANNEL, CONTENTS)) for _ in range(4))]

    assert not [text for text in shown if "secret" in text]


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (Reply(body='{"ok": true, "url": "https://x.slack.com/"}'), Delivered()),
        (failed("token_revoked"), Rejected(reason=said("token_revoked"))),
        (failed("internal_error"), RetryLater(reason=said("internal_error"))),
        (Reply(status=503, body=""), RetryLater(reason=message("webhook.status", status=503))),
    ],
    ids=["valid", "revoked", "failing", "down"],
)
def test_a_token_is_tested_without_a_message(hook: Hook, reply: Reply, answer: object) -> None:
    hook.replies.append(reply)

    assert api(hook).test() == answer
    assert hook.paths == ["/api/auth.test"]
