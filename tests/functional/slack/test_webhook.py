"""The webhook: where it may post, what it makes of each answer, and that it gives nothing away."""

import json
import socket
from dataclasses import dataclass, field

import pytest

from mailwarden.adapters.slack.request import NoOrigin
from mailwarden.adapters.slack.webhook import HttpWebhook, NoAddress
from mailwarden.message import message, verbatim
from mailwarden.ports.findings.webhook import Delivered, Rejected, RetryLater
from tests.functional.slack.hooks import Hook, Reply, running_hook
from tests.texts import english, says

PATH = "/services/T000/B000/secret-token"


@dataclass(slots=True)
class KnownAddress:
    """An address that is known, and how often it was given up."""

    url: str
    forgotten: int = 0

    def current(self) -> str:
        return self.url

    def forget(self) -> None:
        self.forgotten += 1


@dataclass(slots=True)
class Unreadable:
    """A secret that cannot be read."""

    reasons: list[str] = field(default_factory=lambda: ["the secret of the webhook could not be read: AccessDenied"])

    def current(self) -> str:
        raise NoAddress(verbatim(self.reasons[0]))

    def forget(self) -> None:
        self.reasons.clear()


def webhook(hook: Hook, path: str = PATH) -> HttpWebhook:
    return HttpWebhook(KnownAddress(f"{hook.origin}{path}"), origins=[hook.origin])


def test_posts_json(hook: Hook) -> None:
    answer = webhook(hook, f"{PATH}?x=1").post({"text": "쇼핑몰 \U0001f534"})

    assert answer == Delivered()
    assert hook.paths == [f"{PATH}?x=1"]
    assert [json.loads(body) for body in hook.bodies] == [{"text": "쇼핑몰 \U0001f534"}]
    assert hook.types == ["application/json; charset=utf-8"]


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (Reply(), Delivered()),
        (Reply(status=204, body=""), Delivered()),
        (
            Reply(status=429, body="rate_limited", headers=(("Retry-After", "17"),)),
            RetryLater(reason=message("webhook.word", status=429, word="rate_limited"), after=17),
        ),
        (Reply(status=429, body=""), RetryLater(reason=message("webhook.status", status=429))),
        (
            Reply(status=429, headers=(("Retry-After", "999999"),)),
            RetryLater(reason=message("webhook.word", status=429, word="ok"), after=3600),
        ),
        (
            Reply(status=429, body="", headers=(("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"),)),
            RetryLater(reason=message("webhook.status", status=429)),
        ),
        (Reply(status=503, body="<html>down</html>"), RetryLater(reason=message("webhook.status", status=503))),
        (
            Reply(status=500, body="rollup_error"),
            RetryLater(reason=message("webhook.word", status=500, word="rollup_error")),
        ),
        (Reply(status=408, body=""), RetryLater(reason=message("webhook.status", status=408))),
        (
            Reply(status=400, body="invalid_payload"),
            Rejected(reason=message("webhook.word", status=400, word="invalid_payload")),
        ),
        (Reply(status=404, body="no_service"), Rejected(reason=message("webhook.word", status=404, word="no_service"))),
        (
            Reply(status=410, body="channel_is_archived"),
            Rejected(reason=message("webhook.word", status=410, word="channel_is_archived")),
        ),
        (Reply(status=403, body="action prohibited for you"), Rejected(reason=message("webhook.status", status=403))),
    ],
    ids=lambda value: f"{value.status} {value.body[:12]}" if isinstance(value, Reply) else "",
)
def test_understands_each_answer(hook: Hook, reply: Reply, answer: object) -> None:
    hook.replies.append(reply)

    assert webhook(hook).post({}) == answer


def test_a_missing_answer_is_retried(hook: Hook) -> None:
    hook.replies.append(Reply(hang=True))

    answer = webhook(hook).post({})

    assert answer == RetryLater(reason=message("webhook.not-reached", origin=hook.origin, error="RemoteDisconnected"))


def test_an_unreachable_host_is_retried() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{unused.getsockname()[1]}"

        answer = HttpWebhook(KnownAddress(origin + PATH), origins=[origin]).post({})

    assert answer == RetryLater(reason=message("webhook.not-reached", origin=origin, error="ConnectionRefusedError"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_follows_no_redirect(hook: Hook, status: int) -> None:
    with running_hook() as elsewhere:
        hook.replies.append(Reply(status=status, body="", headers=(("Location", f"{elsewhere.origin}/x"),)))
        both = HttpWebhook(KnownAddress(hook.origin + PATH), origins=[hook.origin, elsewhere.origin])

        answer = both.post({})

    assert answer == Rejected(reason=message("webhook.redirects", answer=message("webhook.status", status=status)))
    assert elsewhere.paths == []


@pytest.mark.parametrize(
    "address",
    [
        "{origin}1{path}",
        "https://{host}{path}",
        "http://localhost:{port}{path}",
        "http://hooks.slack.com{path}",
        "https://hooks.slack.com.evil.example{path}",
        "https://hooks.slack.com@127.0.0.1:{port}{path}",
        "https://hooks.slack.com:8443{path}",
        "ftp://{host}{path}",
        "file:///etc/passwd",
        "{path}",
        "",
        "http://[broken",
        "http://{host}x:99999999{path}",
        "https://hooks.slack.com/é",
    ],
)
def test_posts_nowhere_but_to_an_allowed_origin(hook: Hook, address: str) -> None:
    host = hook.origin.removeprefix("http://")
    known = KnownAddress(address.format(origin=hook.origin, host=host, port=host.split(":")[1], path=PATH))

    answer = HttpWebhook(known, origins=[hook.origin, "https://hooks.slack.com"]).post({})

    assert isinstance(answer, Rejected)
    assert english(answer.reason).startswith("the origin of the webhook is not allowed: ")
    assert "secret-token" not in english(answer.reason)
    assert hook.paths == []
    assert known.forgotten == 1


def test_slack_is_allowed_and_this_machine_is_not_unless_somebody_says_so(hook: Hook) -> None:
    answer = HttpWebhook(KnownAddress(hook.origin + PATH)).post({})

    assert answer == Rejected(reason=message("webhook.origin-not-allowed", origin=hook.origin))
    assert hook.paths == []


@pytest.mark.parametrize(
    ("allowed", "posted"),
    [
        ("HTTP://{host}", "http://{host}"),
        ("http://{host}/", "http://{host}"),
        ("http://{host}", "http://user:password@{host}"),
    ],
)
def test_the_same_origin_may_be_written_differently(hook: Hook, allowed: str, posted: str) -> None:
    host = hook.origin.removeprefix("http://")
    address = KnownAddress(posted.format(host=host) + PATH)

    assert HttpWebhook(address, origins=[allowed.format(host=host)]).post({}) == Delivered()


@pytest.mark.parametrize("origin", ["hooks.slack.com", "*", "https://", "https://hooks.slack.com/services", "ftp://x"])
def test_refuses_an_invalid_origin(origin: str) -> None:
    with pytest.raises(NoOrigin, check=says("not a scheme, a host")):
        HttpWebhook(KnownAddress(""), origins=[origin])


def test_waits_for_a_secret_that_cannot_be_read() -> None:
    answer = HttpWebhook(Unreadable()).post({})

    assert answer == RetryLater(reason=verbatim("the secret of the webhook could not be read: AccessDenied"))


def test_a_refused_url_is_read_again_next_time(hook: Hook) -> None:
    address = KnownAddress(hook.origin + PATH)
    hook.replies += [Reply(), Reply(status=503), Reply(status=404, body="no_service")]
    posting = HttpWebhook(address, origins=[hook.origin])

    forgotten = []
    for _ in range(3):
        posting.post({})
        forgotten.append(address.forgotten)

    assert forgotten == [0, 0, 1]


@pytest.mark.parametrize("path", ["/secret-token with space", "/secret-token\r\nX-Injected: 1"])
def test_an_address_that_is_no_url_is_not_shown(hook: Hook, path: str) -> None:
    answer = webhook(hook, path).post({})

    assert isinstance(answer, Rejected | Delivered)
    assert "secret-token" not in repr(answer)
    assert all("X-Injected" not in asked for asked in hook.paths)


def test_shows_nothing_of_the_address_when_it_fails(hook: Hook) -> None:
    hook.replies.append(Reply(status=500, body=f"{hook.origin}{PATH}"))

    answer = webhook(hook).post({})

    assert answer == RetryLater(reason=message("webhook.status", status=500))
    assert "secret-token" not in repr(webhook(hook))
