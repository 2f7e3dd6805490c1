"""The thread of an incident in a chat: its place, and the step that the next message of the incident takes."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentVersion:
    """The version of an incident that one message is about; ``pools`` counts the affected ones."""

    incident: str
    opened_at: datetime
    version: int
    pools: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatThread:
    """A thread. ``opened_at`` is when the incident opened that it belongs to: one that returns has another thread.

    ``ts`` is Slack's id of the first message, None from before it is posted until its answer is stored. ``version`` is
    the one that the first message shows, ``told`` the last one with a reply, which had ``pools`` pools.
    """

    incident: str
    opened_at: datetime
    channel: str
    ts: str | None
    version: int
    told: int
    pools: int


class ThreadStep(Enum):
    """The part of a message that is still to be done."""

    OPEN = auto()
    """Post it as the first message of a thread."""
    UPDATE = auto()
    """Replace the first message, then reply."""
    REPLY = auto()
    """Reply only: the first message was replaced before."""
    PASSED = auto()
    """Nothing: the chat shows this version or a newer one."""


def step_of(thread: ChatThread | None, moment: IncidentVersion) -> ThreadStep:
    """The step of a message about *moment*; an older version never replaces a newer one.

    The versions of a cause go on when it returns. They begin again at a sample alert, and when the ledger has
    dropped the incident. Then the later opening is the newer one.
    """
    if thread is None:
        return ThreadStep.OPEN
    if moment.version > thread.version:
        is_there = thread.ts is not None and moment.opened_at == thread.opened_at
        return ThreadStep.UPDATE if is_there else ThreadStep.OPEN
    if moment.opened_at != thread.opened_at:
        return ThreadStep.OPEN if moment.opened_at > thread.opened_at else ThreadStep.PASSED
    if moment.version < thread.version:
        return ThreadStep.PASSED
    if thread.ts is None:
        return ThreadStep.OPEN
    return ThreadStep.REPLY if thread.told < moment.version else ThreadStep.PASSED
