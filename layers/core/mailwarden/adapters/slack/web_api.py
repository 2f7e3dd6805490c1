"""Calls Slack's Web API with a bot token: only at its one origin, without following redirects.

The token is a credential: no error, result or representation here contains any of it. A failed call has the status 200
and ``"ok": false``; too many calls have 429 and Retry-After (https://docs.slack.dev/apis/web-api/rate-limits).
"""

import json
import re
from collections.abc import Mapping
from typing import Protocol

from mailwarden.adapters.slack.errors import Meaning, meaning_of
from mailwarden.adapters.slack.request import HttpAnswer, allowed_origin, post_json, word_in
from mailwarden.adapters.slack.webhook import NoAddress
from mailwarden.documents.reader import JsonObject, object_in, text_in
from mailwarden.message import Message, message
from mailwarden.ports.findings.chat import ChannelRefused, ChatAnswer, MessageGone, Posted
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater

API_ORIGIN = "https://slack.com"
_POST, _REPLACE, _TEST = "chat.postMessage", "chat.update", "auth.test"
# An answer repeats the whole message; Slack's own limits keep it far below.
_LONGEST_ANSWER = 1_000_000
# The characters of a header; every kind of token has fewer.
_TOKEN = re.compile(r"[\x21-\x7e]+")
# chat.update replaces these by its defaults where they are left out, and looks for links in the text.
_AS_POSTED = {"parse": "none", "link_names": False}
_ONLY_WHEN_POSTED = frozenset({"unfurl_links", "unfurl_media"})


class Token(Protocol):
    """A source of the bot token."""

    def current(self) -> str:
        """The token; raises NoAddress."""
        ...

    def forget(self) -> None:
        """Drop the cached token, because it was refused; the next call reads it again."""
        ...


class SlackWebApi:
    """Implements ``Chat`` with the methods chat.postMessage and chat.update, which need the scope ``chat:write``.

    *origin* is scheme, host and port of the API. Raises NoOrigin for an invalid one.
    """

    def __init__(self, token: Token, *, origin: str = API_ORIGIN) -> None:
        self._token = token
        self._origin = allowed_origin(origin)

    def post(self, channel: str, contents: object, *, thread: str | None = None) -> ChatAnswer:
        """Post a message, or a reply to *thread*."""
        place = {"channel": channel} if thread is None else {"channel": channel, "thread_ts": thread}
        return self._placed(_POST, channel, {**_members(contents), **place})

    def replace(self, channel: str, ts: str, contents: object) -> ChatAnswer:
        """Replace a message."""
        members = {name: value for name, value in _members(contents).items() if name not in _ONLY_WHEN_POSTED}
        return self._placed(_REPLACE, channel, {**members, **_AS_POSTED, "channel": channel, "ts": ts})

    def test(self) -> PostResult:
        """Whether the token is valid; posts nothing."""
        answer = self._call(_TEST, {})
        if isinstance(answer, RetryLater | Rejected):
            return answer
        error = _error_in(answer)
        if not error:
            return Delivered()
        reason = message("slack.error", error=error)
        return RetryLater(reason=reason) if meaning_of(error) is Meaning.LATER else self._refused(reason)

    def _placed(self, method: str, channel: str, arguments: JsonObject) -> ChatAnswer:
        answer = self._call(method, arguments)
        if isinstance(answer, RetryLater | Rejected):
            return answer
        error = _error_in(answer)
        if error:
            return self._of_error(error, channel)
        ts, where = text_in(answer, "ts"), text_in(answer, "channel") or channel
        if not ts:
            return RetryLater(reason=message("slack.not-understood"))
        return Posted(channel=where, ts=ts, is_reply=text_in(object_in(answer, "message"), "thread_ts") is not None)

    def _of_error(self, error: str, channel: str) -> ChatAnswer:
        reason = message("slack.error", error=error)
        match meaning_of(error):
            case Meaning.LATER:
                return RetryLater(reason=reason)
            case Meaning.GONE:
                return MessageGone(reason=reason)
            case Meaning.OTHER_CHANNEL:
                return ChannelRefused(channel=channel, reason=reason)
            case Meaning.FINAL:
                return self._refused(reason)

    def _call(self, method: str, arguments: JsonObject) -> JsonObject | RetryLater | Rejected:
        """The document of an answer with success or an error."""
        try:
            token = self._token.current()
        except NoAddress as error:
            return RetryLater(reason=error.said)
        if _TOKEN.fullmatch(token) is None:
            return self._refused(message("slack.no-token"))
        answer = post_json(
            self._origin,
            f"/api/{method}",
            json.dumps(arguments).encode(),
            longest=_LONGEST_ANSWER,
            headers={"Authorization": f"Bearer {token}"},
        )
        return answer if isinstance(answer, RetryLater) else self._understood(answer)

    def _understood(self, answer: HttpAnswer) -> JsonObject | RetryLater | Rejected:
        document = _document_in(answer.body)
        error = _error_in(document)
        reason = message("slack.error", error=error) if error else message("webhook.status", status=answer.status)
        if answer.is_redirect:
            return self._refused(message("webhook.redirects", answer=reason))
        if answer.is_for_later or (error and answer.retry_after is not None):
            return RetryLater(reason=reason, after=answer.retry_after)
        if document:
            return document if answer.is_taken or error else self._refused(reason)
        # Perhaps not Slack's own answer: the call is not known to have succeeded, and not to have failed.
        return RetryLater(reason=message("slack.not-understood")) if answer.is_taken else self._refused(reason)

    def _refused(self, reason: Message) -> Rejected:
        self._token.forget()
        return Rejected(reason=reason)


def _members(contents: object) -> JsonObject:
    return contents if isinstance(contents, Mapping) else {}


def _document_in(body: bytes) -> JsonObject:
    """The object of an answer; empty where it is none."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) and isinstance(document.get("ok"), bool) else {}


def _error_in(document: JsonObject) -> str:
    """The error of an answer; empty for success."""
    if not document or document["ok"] is True:
        return ""
    return word_in(text_in(document, "error") or "") or "unnamed_error"
