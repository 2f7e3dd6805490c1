"""Posts a message to an incoming webhook: only to allowed origins, without following redirects.

The URL is a credential: no error, result or representation here contains more of it than the origin.
"""

import http.client
import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from mailwarden.documents.faults import wrong
from mailwarden.message import ExplainedError, Message, message
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater

SLACK_ORIGIN = "https://hooks.slack.com"
_PORTS = {"https": 443, "http": 80}
_TIMEOUT_SECONDS = 8.0
_LONGEST_ANSWER = 200
# Slack's waits are seconds; after an hour we try again even if the webhook asked for more.
_LONGEST_WAIT = 3600
_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class NoAddress(ExplainedError, LookupError):
    """The URL is currently unknown; the text gives the reason and no part of the URL."""


class NoOrigin(ExplainedError, ValueError):
    """A configured origin is none."""


class WebhookAddress(Protocol):
    """A source of the webhook's URL."""

    def current(self) -> str:
        """The URL; raises NoAddress."""
        ...

    def forget(self) -> None:
        """Drop the cached URL, because it was refused; the next call reads it again."""
        ...


class HttpWebhook:
    """Implements ``Webhook``: posts JSON to one URL.

    *origins* are the allowed ones, each scheme, host and port: ``https://hooks.slack.com``. Plain http is used
    only for an origin that is allowed explicitly. Raises NoOrigin for an invalid origin.
    """

    def __init__(self, address: WebhookAddress, *, origins: Iterable[str] = (SLACK_ORIGIN,)) -> None:
        self._address = address
        self._origins = frozenset(_allowed(origin) for origin in origins)

    def post(self, payload: object) -> PostResult:
        """Post once."""
        try:
            address = self._address.current()
        except NoAddress as error:
            return RetryLater(reason=error.said)
        try:
            url = urlsplit(address)
            origin = _origin(url) if address.isascii() else None
        except ValueError:
            # The text of the error would contain the URL.
            url, origin = SplitResult("", "", "", "", ""), None
        if origin is None or origin not in self._origins:
            self._address.forget()
            return Rejected(reason=_not_allowed(origin))
        answer = _post(url, origin, json.dumps(payload).encode())
        if isinstance(answer, Rejected):
            self._address.forget()
        return answer


type _Origin = tuple[str, str, int]


def _allowed(origin: str) -> _Origin:
    url = urlsplit(origin)
    found = _origin(url)
    if found is None or url.path.strip("/") or url.query or url.fragment or url.username is not None:
        raise NoOrigin(wrong("origin", origin, message("expected.origin")))
    return found


def _origin(url: SplitResult) -> _Origin | None:
    """Scheme, host and port; None for a URL without a supported scheme. Raises ValueError for an invalid port."""
    scheme = url.scheme.lower()
    if scheme not in _PORTS or not url.hostname:
        return None
    return scheme, url.hostname.lower().rstrip("."), _PORTS[scheme] if url.port is None else url.port


def _post(url: SplitResult, origin: _Origin, body: bytes) -> PostResult:
    scheme, host, port = origin
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=_TIMEOUT_SECONDS)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        connection.request("POST", target, body, {"Content-Type": "application/json; charset=utf-8"})
        response = connection.getresponse()
        said = response.read(_LONGEST_ANSWER).decode("utf-8", "replace")
    except http.client.InvalidURL:
        return Rejected(reason=message("webhook.no-url"))
    except (OSError, http.client.HTTPException) as error:
        return RetryLater(reason=message("webhook.not-reached", origin=_shown(origin), error=type(error).__name__))
    finally:
        connection.close()
    return _answer(response, _word(said))


def _answer(response: http.client.HTTPResponse, word: str) -> PostResult:
    status = response.status
    reason = _status(status, word)
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Delivered()
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return RetryLater(reason=reason, after=_seconds(response.getheader("Retry-After")))
    if status < HTTPStatus.BAD_REQUEST:
        return Rejected(reason=message("webhook.redirects", answer=reason))
    return Rejected(reason=reason)


def _seconds(header: str | None) -> int | None:
    if header is None or not header.isascii() or not header.strip().isdigit():
        return None
    return min(int(header.strip()[:6]), _LONGEST_WAIT)


def _word(said: str) -> str:
    """Slack's one-word error, such as ``invalid_payload``; the rest of a response is never repeated."""
    word = said.strip()
    return word if word.isascii() and word.replace("_", "").isalnum() and len(word) <= 60 else ""


def _status(status: int, word: str) -> Message:
    return message("webhook.word", status=status, word=word) if word else message("webhook.status", status=status)


def _not_allowed(origin: _Origin | None) -> Message:
    if origin is None:
        return message("webhook.no-origin")
    return message("webhook.origin-not-allowed", origin=_shown(origin))


def _shown(origin: _Origin) -> str:
    return f"{origin[0]}://{origin[1]}:{origin[2]}"
