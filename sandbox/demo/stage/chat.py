"""The Slack channel: which alerts the webhook received, and what each one is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.demo.screen.slack_text import everything_said
from sandbox.demo.stage.stage import Stage
from sandbox.demo.stage.waiting import until


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that the webhook accepted."""

    received_at: datetime
    channel: str
    payload: Any


def messages(stage: Stage, *, about: Sequence[str] = ()) -> tuple[Message, ...]:
    """The messages that name all of these words, oldest first."""
    return tuple(
        Message(received_at=datetime.fromtimestamp(one["time"], UTC), channel=one["channel"], payload=one["payload"])
        for one in stage.box.control("GET", "chat")
        if all(word in everything_said(one["payload"]) for word in about)
    )


def first_message(stage: Stage, *, about: Sequence[str]) -> Message:
    """The first message about something. Raises NotSeen."""
    return until(
        lambda: next(iter(messages(stage, about=about)), None),
        what=f"an alert about {' and '.join(about)}",
    )
