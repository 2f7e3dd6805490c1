"""An alert channel in memory, which can be told to be down, and a chat with channels, messages and threads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.incidents.alert import Alert
from mailwarden.domain.incidents.chat_route import AlertFacts
from mailwarden.domain.incidents.chat_thread import IncidentVersion
from mailwarden.message import Message, message
from mailwarden.ports.findings.chat import ChannelRefused, ChatAnswer, MessageGone, Posted
from mailwarden.service.findings.slack_delivery import ChatAlert
from tests.fakes.examples import MORNING


class ChannelDown(ConnectionError):
    """The channel takes nothing at the moment."""


@dataclass(slots=True, kw_only=True)
class InMemoryChannel:
    """Implements ``AlertChannel``; ``failures`` is for how many of the next alerts it raises ``failure``."""

    told: list[Alert] = field(default_factory=list)
    failures: int = 0
    failure: Exception = field(default_factory=lambda: ChannelDown("the channel is down"))

    def send(self, alert: Alert) -> None:
        if self.failures > 0:
            self.failures -= 1
            raise self.failure
        self.told.append(alert)


@dataclass(slots=True, kw_only=True)
class Shown:
    """A message of a channel, or of a thread."""

    channel: str
    ts: str
    contents: object
    thread: str | None = None


@dataclass(slots=True, kw_only=True)
class InMemoryChat:
    """Implements ``Chat``.

    ``answers`` are given in place of the next calls: an exception is raised, None carries the call out, and so does a
    callable once it was called.
    """

    refusing: set[str] = field(default_factory=set)
    answers: list[ChatAnswer | BaseException | Callable[[], object] | None] = field(default_factory=list)
    messages: list[Shown] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def post(self, channel: str, contents: object, *, thread: str | None = None) -> ChatAnswer:
        self.calls.append("post" if thread is None else "reply")
        scripted = self._scripted()
        if scripted is not None:
            return scripted
        if channel in self.refusing:
            return ChannelRefused(channel=channel, reason=message("slack.error", error="is_archived"))
        parent = None if thread is None else self._at(channel, thread)
        ts = f"1.{len(self.calls)}"
        is_reply = parent is not None
        self.messages.append(Shown(channel=channel, ts=ts, contents=contents, thread=thread if is_reply else None))
        return Posted(channel=channel, ts=ts, is_reply=is_reply)

    def replace(self, channel: str, ts: str, contents: object) -> ChatAnswer:
        self.calls.append("replace")
        scripted = self._scripted()
        if scripted is not None:
            return scripted
        if channel in self.refusing:
            return ChannelRefused(channel=channel, reason=message("slack.error", error="is_inactive"))
        found = self._at(channel, ts)
        if found is None:
            return MessageGone(reason=message("slack.error", error="message_not_found"))
        found.contents = contents
        return Posted(channel=channel, ts=ts, is_reply=False)

    def delete(self, contents: object) -> None:
        self.messages = [one for one in self.messages if one.contents != contents]

    def channel(self, name: str) -> list[object]:
        """What the channel shows, without threads."""
        return [one.contents for one in self.messages if one.channel == name and one.thread is None]

    def thread_of(self, contents: object) -> list[object]:
        """The replies to the message with these contents."""
        (first,) = [one for one in self.messages if one.contents == contents]
        return [one.contents for one in self.messages if (one.channel, one.thread) == (first.channel, first.ts)]

    def _at(self, channel: str, ts: str) -> Shown | None:
        return next((one for one in self.messages if (one.channel, one.ts) == (channel, ts)), None)

    def _scripted(self) -> ChatAnswer | None:
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, BaseException):
            raise answer
        if callable(answer):
            answer()
            return None
        return answer


@dataclass(frozen=True, slots=True)
class NamedTexts:
    """Implements ``AlertTexts``: the version, the note, and the number of pools before."""

    version: int

    def whole(self, note: Message | None = None) -> object:
        return f"v{self.version}" if note is None else f"v{self.version} {dict(note.args)['channel']}"

    def reply(self, pools_before: int) -> object:
        return f"r{self.version} after {pools_before}"


def a_chat_alert(version: int, *, pools: int = 1, opened_at: datetime = MORNING, incident: str = "i") -> ChatAlert:
    """A version of an incident."""
    moment = IncidentVersion(incident=incident, opened_at=opened_at, version=version, pools=pools)
    facts = AlertFacts(severity=Severity.CRITICAL, rule_id="MW401", regions=frozenset({"ap-northeast-2"}))
    return ChatAlert(moment=moment, facts=facts, texts=NamedTexts(version))
