"""One POST of JSON to an allowed origin, without following redirects.

URLs and headers may hold credentials: no error, result or representation here contains more than the origin.
"""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from mailwarden.documents.faults import wrong
from mailwarden.message import ExplainedError, message
from mailwarden.ports.findings.webhook import RetryLater

type HttpOrigin = tuple[str, str, int]

_PORTS = {"https": 443, "http": 80}
_TIMEOUT_SECONDS = 8.0
# Slack's waits are seconds; after an hour we try again even if Slack asked for more.
_LONGEST_WAIT = 3600
_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class NoOrigin(ExplainedError, ValueError):
    """A configured origin is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """An answer: its status, the seconds of Retry-After, None without them, and the beginning of its body."""

    status: int
    retry_after: int | None
    body: bytes

    @property
    def is_taken(self) -> bool:
        """Whether the status is one of success."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_redirect(self) -> bool:
        """Whether it sends elsewhere."""
        return HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST

    @property
    def is_for_later(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status in _LATER or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def allowed_origin(text: str) -> HttpOrigin:
    """The origin that a configuration allows: scheme, host and port. Raises NoOrigin."""
    url = urlsplit(text)
    found = origin_of(url)
    if found is None or url.path.strip("/") or url.query or url.fragment or url.username is not None:
        raise NoOrigin(wrong("origin", text, message("expected.origin")))
    return found


def origin_of(url: SplitResult) -> HttpOrigin | None:
    """Scheme, host and port; None for a URL without a supported scheme. Raises ValueError for an invalid port."""
    scheme = url.scheme.lower()
    if scheme not in _PORTS or not url.hostname:
        return None
    return scheme, url.hostname.lower().rstrip("."), _PORTS[scheme] if url.port is None else url.port


def shown_origin(origin: HttpOrigin) -> str:
    """An origin as a URL, always with its port."""
    return f"{origin[0]}://{origin[1]}:{origin[2]}"


def post_json(
    origin: HttpOrigin, target: str, body: bytes, *, longest: int, headers: Mapping[str, str] | None = None
) -> HttpAnswer | RetryLater:
    """Post once and read at most *longest* bytes; RetryLater without an answer.

    Raises http.client.InvalidURL for a target with characters that no URL has.
    """
    scheme, host, port = origin
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("POST", target, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})
        response = connection.getresponse()
        beginning = response.read(longest)
    except http.client.InvalidURL:
        raise
    except (OSError, http.client.HTTPException) as error:
        reason = message("webhook.not-reached", origin=shown_origin(origin), error=type(error).__name__)
        return RetryLater(reason=reason)
    finally:
        connection.close()
    return HttpAnswer(status=response.status, retry_after=_seconds(response.getheader("Retry-After")), body=beginning)


def word_in(text: str) -> str:
    """Slack's one-word error, such as ``invalid_payload``; the rest of a response is never repeated."""
    word = text.strip()
    return word if word.isascii() and word.replace("_", "").isalnum() and len(word) <= 60 else ""


def _seconds(header: str | None) -> int | None:
    if header is None or not header.isascii() or not header.strip().isdigit():
        return None
    return min(int(header.strip()[:6]), _LONGEST_WAIT)
