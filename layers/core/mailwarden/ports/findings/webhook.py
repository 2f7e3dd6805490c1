"""The webhook of the chat."""

from dataclasses import dataclass
from typing import Protocol

from mailwarden.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The chat accepted the message; ``is_past``: it shows this version or a newer one already."""

    is_past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLater:
    """Not now; ``after`` is the requested wait in seconds, None if the webhook requested none."""

    reason: Message
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Not this message, or not to this address: a retry would not help."""

    reason: Message


type PostResult = Delivered | RetryLater | Rejected


class Webhook(Protocol):
    """Posts messages."""

    def post(self, payload: object) -> PostResult:
        """Post a JSON document once."""
        ...
