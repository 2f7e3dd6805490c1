"""Posts a message to an incoming webhook: only to allowed origins, without following redirects.

The URL is a credential: no error, result or representation here contains more of it than the origin.
"""

import http.client
import json
from collections.abc import Iterable
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from mailwarden.adapters.slack.request import (
    HttpAnswer,
    HttpOrigin,
    allowed_origin,
    origin_of,
    post_json,
    shown_origin,
    word_in,
)
from mailwarden.message import ExplainedError, Message, message
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater

SLACK_ORIGIN = "https://hooks.slack.com"
_LONGEST_ANSWER = 200


class NoAddress(ExplainedError, LookupError):
    """The URL, or the token, is currently unknown; the text gives the reason and no part of it."""


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
        self._origins = frozenset(allowed_origin(origin) for origin in origins)

    def post(self, payload: object) -> PostResult:
        """Post once."""
        try:
            address = self._address.current()
        except NoAddress as error:
            return RetryLater(reason=error.said)
        try:
            url = urlsplit(address)
            origin = origin_of(url) if address.isascii() else None
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


def _post(url: SplitResult, origin: HttpOrigin, body: bytes) -> PostResult:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        answer = post_json(origin, target, body, longest=_LONGEST_ANSWER)
    except http.client.InvalidURL:
        return Rejected(reason=message("webhook.no-url"))
    return answer if isinstance(answer, RetryLater) else _answer(answer)


def _answer(answer: HttpAnswer) -> PostResult:
    reason = _status(answer.status, word_in(answer.body.decode("utf-8", "replace")))
    if answer.is_taken:
        return Delivered()
    if answer.is_for_later:
        return RetryLater(reason=reason, after=answer.retry_after)
    if answer.is_redirect:
        return Rejected(reason=message("webhook.redirects", answer=reason))
    return Rejected(reason=reason)


def _status(status: int, word: str) -> Message:
    return message("webhook.word", status=status, word=word) if word else message("webhook.status", status=status)


def _not_allowed(origin: HttpOrigin | None) -> Message:
    if origin is None:
        return message("webhook.no-origin")
    return message("webhook.origin-not-allowed", origin=shown_origin(origin))
