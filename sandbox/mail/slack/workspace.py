"""A Slack workspace: its tokens, channels and messages with their threads, and how fast it takes messages.

Sources: docs.slack.dev, chat.postMessage, chat.update and "Rate limits"; slack-go issue 1571 for a reply to a message
that was deleted, which becomes a message of the channel.
"""

import math
import threading
from collections import deque
from dataclasses import dataclass, field

from sandbox.control import Json

CHANNEL = "C0SANDBOX01"
TOKEN = "xoxb-sandbox"  # noqa: S105 - it opens nothing
BOT = "B0SANDBOX01"


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel; ``is_member``: whether the app was invited."""

    is_member: bool = True
    is_archived: bool = False
    posted_at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as the channel shows it now; ``earlier`` holds what it was before each update."""

    number: int
    channel: str
    ts: str
    thread_ts: str | None
    token: str
    at: float
    payload: Json
    earlier: list[Json] = field(default_factory=list)
    is_deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Limits:
    """Messages a channel takes: one each ``seconds_between_posts``; updates of all messages in any minute."""

    seconds_between_posts: float = 1.0
    updates_per_minute: int = 50


@dataclass(slots=True)
class Workspace:
    """The state of the only workspace; a caller holds ``lock``."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    limits: Limits = field(default_factory=Limits)
    tokens: dict[str, str] = field(default_factory=lambda: {TOKEN: "valid"})
    channels: dict[str, Channel] = field(default_factory=lambda: {CHANNEL: Channel()})
    messages: dict[tuple[str, str], Message] = field(default_factory=dict)
    updates: deque[float] = field(default_factory=deque)
    _last: int = 0

    def forget(self) -> None:
        """Forget messages and when they came; tokens, channels and limits stay."""
        self.messages.clear()
        self.updates.clear()
        for channel in self.channels.values():
            channel.posted_at = 0.0

    def next_ts(self, now: float) -> str:
        """A timestamp that no other message has: it is the id of a message in its channel."""
        self._last = max(self._last + 1, int(now * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"

    def message(self, channel: str, ts: object) -> Message | None:
        """A message that is there; None for one that was deleted or never was."""
        found = self.messages.get((channel, str(ts)))
        return None if found is None or found.is_deleted else found

    def parent(self, channel: str, ts: object) -> str | None:
        """The message whose thread a reply joins; None where there is none: then the reply is none either."""
        found = self.message(channel, ts) if ts else None
        if found is None or found.thread_ts is None:
            return None if found is None else found.ts
        return self.parent(channel, found.thread_ts)

    def wait_to_post(self, channel: Channel, now: float) -> int:
        """In how many seconds the channel takes the next message; 0 for now."""
        return _seconds(channel.posted_at + self.limits.seconds_between_posts - now)

    def wait_to_update(self, now: float) -> int:
        """In how many seconds the next message may be updated; 0 for now."""
        while self.updates and self.updates[0] <= now - 60:
            self.updates.popleft()
        full = len(self.updates) >= self.limits.updates_per_minute
        return _seconds(self.updates[0] + 60 - now) if full and self.updates else int(full)


def _seconds(wait: float) -> int:
    """Retry-After is in whole seconds."""
    return max(0, math.ceil(wait))


WORKSPACE = Workspace()
