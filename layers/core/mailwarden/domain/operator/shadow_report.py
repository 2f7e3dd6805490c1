"""The repairs that RepairMode `safe` would have made while it was off, in cases and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from mailwarden.domain.mail_path.look_record import ShadowCase
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.domain.repair.shadow import EndedCase, ShadowEnding
from mailwarden.message import Message


class Judged(StrEnum):
    """The worth of a repair, by the changes that others made without it."""

    RIGHT = "right"
    """Another actor made the same change later: the repair would have saved the time until then."""
    DIFFERENT = "different"
    """Another actor made another change: the repair would have let mail flow, and perhaps not as they wanted."""
    NEEDLESS = "needless"
    """The problem passed while nothing of what the repair would have written changed."""
    WAITING = "waiting"
    """No change was made yet."""
    WITHHELD = "withheld"
    """RepairMode `safe` would not have written either."""
    UNKNOWN = "unknown"
    """The pool was deleted, or RepairMode changed, before another actor made a change."""


_OF_ENDING = {
    ShadowEnding.AS_PROPOSED: Judged.RIGHT,
    ShadowEnding.OTHERWISE: Judged.DIFFERENT,
    ShadowEnding.BY_ITSELF: Judged.NEEDLESS,
    ShadowEnding.POOL_GONE: Judged.UNKNOWN,
    ShadowEnding.MODE_CHANGED: Judged.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedCase:
    """A case of a report; one that goes on has no end.

    ``withheld`` is why RepairMode `safe` would not have written, by the look or by the source of the resource.
    """

    pool: PoolRef
    pool_name: str
    case: ShadowCase
    withheld: Message | None
    ended_at: datetime | None = None
    ending: ShadowEnding | None = None
    verdict: Answer | None = None
    cause: Cause | None = None

    @property
    def judged(self) -> Judged:
        """The worth of the repair."""
        if self.withheld is not None:
            return Judged.WITHHELD
        return Judged.WAITING if self.ending is None else _OF_ENDING[self.ending]

    def lasted(self, now: datetime) -> timedelta:
        """How long the problem lasted, or lasts."""
        return (self.ended_at or now) - self.case.opened_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowReport:
    """The cases that went on or ended since a day, the latest first. Of ``unread`` pools the last look is corrupt."""

    at: datetime
    since: date
    repair_mode: RepairMode
    cases: tuple[ReportedCase, ...]
    pools: int
    unread: int

    def of(self, judged: Judged) -> tuple[ReportedCase, ...]:
        """The cases that are judged so."""
        return tuple(case for case in self.cases if case.judged is judged)

    def typical(self, cases: Sequence[ReportedCase]) -> timedelta | None:
        """The median of how long the problems of these cases lasted; None of none."""
        lasted = [case.lasted(self.at).total_seconds() for case in cases]
        return timedelta(seconds=median(lasted)) if lasted else None


def reported(ended: EndedCase, *, source: Message | None) -> ReportedCase:
    """An ended case; *source* is why its fix belongs into a source."""
    return ReportedCase(
        pool=ended.pool,
        pool_name=ended.pool_name,
        case=ended.case,
        withheld=ended.case.withheld or source,
        ended_at=ended.ended_at,
        ending=ended.ending,
        verdict=ended.verdict,
        cause=ended.cause,
    )
