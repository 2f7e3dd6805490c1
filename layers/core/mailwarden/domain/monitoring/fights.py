"""Fights: another actor undoes our writes again and again. How long Mailwarden waits until it writes once more.

A fight is about one subject and one direction: the grant of one pool on one identity, the e-mail configuration of one
pool, the account's role. New pools on the same identity are none, and neither is a write that was not undone.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mailwarden.domain.refs.causes import Cause

REMEMBERED = timedelta(days=30)
# The first undo may be a mistake and is repaired at once; the pause follows the number of writes so far.
_PAUSES = {1: timedelta(), 2: timedelta(hours=1), 3: timedelta(hours=6), 4: timedelta(hours=24)}
# An actor that undid this many writes within this time will undo the next one, too.
_MOST_IN_A_WEEK = 3
_WEEK = timedelta(days=7)


class Direction(StrEnum):
    """The effect of a write on its resource for its subject."""

    GRANT = "grant"
    CONFIGURE = "configure"
    CREATE = "create"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """The first time that the last write was seen undone, and the call that undid it, if it is known."""

    seen_at: datetime
    cause: Cause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """No write until then; until a person releases it if ``until`` is None. ``count`` are the undone writes."""

    count: int
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteHistory:
    """Our writes of one direction to one subject, oldest first, and whether the last was undone.

    Only those in the 30 days up to the last one are in it.
    ``wrote`` is the digest of the state that the last write left; ``entry_id`` is its journal entry.
    """

    resource: str
    direction: Direction
    writes: tuple[datetime, ...]
    wrote: str
    entry_id: str
    undone: Undoing | None = None

    @property
    def awaits_a_person(self) -> bool:
        """Whether the next write has to be released, however long ago the last one was."""
        lately = sum(1 for at in self.writes if self.writes[-1] - at < _WEEK)
        return self.undone is not None and (len(self.writes) not in _PAUSES or lately >= _MOST_IN_A_WEEK)

    def since(self, now: datetime) -> "WriteHistory | None":
        """The history; None if it is forgotten, 30 days after the last write, unless a person has to release it."""
        return self if self.awaits_a_person or now - self.writes[-1] < REMEMBERED else None

    def pause(self, now: datetime) -> Pause | None:
        """The pause that holds now, because the last write was undone; None if the next write may be made."""
        if self.undone is None:
            return None
        count = len(self.writes)
        if self.awaits_a_person:
            return Pause(count=count, until=None)
        until = self.writes[-1] + _PAUSES[count]
        return Pause(count=count, until=until) if now < until else None

    def seen_undone(self, cause: Cause | None, *, at: datetime) -> "WriteHistory":
        """The same, undone. The call that undid it is the first known one that came after the write."""
        if self.undone is not None and (self.undone.cause is not None or cause is None):
            return self
        seen_at = at if self.undone is None else self.undone.seen_at
        return replace(self, undone=Undoing(seen_at=seen_at, cause=cause))


def after_write(
    known: WriteHistory | None, *, resource: str, direction: Direction, wrote: str, entry_id: str, at: datetime
) -> WriteHistory:
    """The history with one more write. A write over our own that was not undone takes its place."""
    known = None if known is None else known.since(at)
    if known is not None and known.entry_id == entry_id:
        return known
    earlier = () if known is None else known.writes if known.undone is not None else known.writes[:-1]
    counted = tuple(write for write in earlier if at - write < REMEMBERED)
    return WriteHistory(resource=resource, direction=direction, writes=(*counted, at), wrote=wrote, entry_id=entry_id)
