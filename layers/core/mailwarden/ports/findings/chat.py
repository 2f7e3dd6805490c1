"""A chat with channels and threads, in which a message can be replaced."""

from dataclasses import dataclass
from typing import Protocol

from mailwarden.message import Message
from mailwarden.ports.findings.webhook import Rejected, RetryLater


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The message is there; ``is_reply``: it is in a thread."""

    channel: str
    ts: str
    is_reply: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageGone:
    """The message to replace or to reply to is not there, or cannot be changed any more."""

    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRefused:
    """The channel takes nothing from us; another one may."""

    channel: str
    reason: Message


type ChatAnswer = Posted | MessageGone | ChannelRefused | RetryLater | Rejected


class Chat(Protocol):
    """Posts and replaces messages; *contents* is a JSON object. Raises nothing for an answer of the chat."""

    def post(self, channel: str, contents: object, *, thread: str | None = None) -> ChatAnswer:
        """Post a message, as a reply to the message *thread* if given.

        A reply to a message that was deleted may become a message of the channel: then it is no reply.
        """
        ...

    def replace(self, channel: str, ts: str, contents: object) -> ChatAnswer:
        """Replace a message; doing so twice is doing so once."""
        ...
