"""Whether another actor's call fell into the window of a write of ours, between its comparison and AWS's answer.

CloudTrail dates a call to the second, so a call counts from the start of its second to the end of it. A change that may
have been overwritten is reported; one that certainly was not is not reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.refs.causes import Cause

SET_RISK = "SetRiskConfiguration"
_SECOND = timedelta(seconds=1)
# A write whose end was never stored ended with its function.
_LONGEST_WRITE = timedelta(seconds=60)
# An overlap stays open for so long that it is read: Mailwarden cannot know whether the resource was checked.
_STAYS_OPEN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWindow:
    """The window of one of our writes; ``written_at`` is None while it is under way, or if its process ended.

    ``is_of_risk``: of a pool's risk configuration, which no other call than SetRiskConfiguration sets.
    """

    resource: str
    entry_id: str
    compared_at: datetime
    written_at: datetime | None
    is_of_risk: bool = False

    @property
    def ends_at(self) -> datetime:
        """The latest time at which the write may have taken effect."""
        return self.compared_at + _LONGEST_WRITE if self.written_at is None else self.written_at

    def overlaps(self, call: Cause) -> bool:
        """Whether *call* writes the same, and its second and the window have a moment in common."""
        if (call.event_name == SET_RISK) is not self.is_of_risk:
            return False
        second = call.at.replace(microsecond=0)
        return second <= self.ends_at and self.compared_at < second + _SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCall:
    """Another actor's call to a resource; ``noted_at`` is when it was noticed that it may overlap a write of ours."""

    resource: str
    call: Cause
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceWrites:
    """Our writes of one resource in the last days, and the calls of others that may overlap them."""

    windows: tuple[StoredWindow, ...] = ()
    calls: tuple[OtherCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A write of ours and a call of another actor at the same time."""

    window: StoredWindow
    call: Cause


def overlaps_of(history: ResourceWrites, *, at: datetime) -> Iterator[Overlap]:
    """The overlaps that are certain at *at*, the latest call first; a write that is under way is not judged yet."""
    for other in sorted(history.calls, key=lambda other: other.call.at, reverse=True):
        if at - other.noted_at > _STAYS_OPEN:
            continue
        for window in history.windows:
            is_over = window.written_at is not None or at > window.ends_at
            if is_over and window.overlaps(other.call):
                yield Overlap(window=window, call=other.call)
                break
