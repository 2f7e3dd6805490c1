"""The exemptions of a deployment, as the last looks at its pools read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mailwarden.domain.mail_path.exemption import WEEK, ExemptionWish
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.message import Message

_NEVER = date.max


class ExemptionState(StrEnum):
    """Whether an exemption is in effect, the most urgent state first."""

    UNREADABLE = "unreadable"
    """It exempts from repairs for as long as it cannot be read."""
    LAST_DAY = "last day"
    ENDS_SOON = "ends within a week"
    ENDS_LATER = "ends later"
    WITHOUT_END = "without an end"
    ENDED = "ended"


_ORDER = tuple(ExemptionState)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedExemption:
    """The exemption of one resource, and the last looks at the pools that it concerns, in the order of their ARNs."""

    subject: PoolRef | IdentityRef
    said: ExemptionWish | Message
    looks: tuple[LookRecord, ...]

    def state(self, today: date) -> ExemptionState:
        """The state on a day."""
        if not isinstance(self.said, ExemptionWish):
            return ExemptionState.UNREADABLE
        match self.said.days_left(today):
            case None:
                return ExemptionState.WITHOUT_END
            case 0:
                return ExemptionState.LAST_DAY
            case left if left < 0:
                return ExemptionState.ENDED
            case left:
                return ExemptionState.ENDS_SOON if left <= WEEK.days else ExemptionState.ENDS_LATER

    @property
    def until(self) -> date | None:
        """The last day; None without one."""
        return self.said.until if isinstance(self.said, ExemptionWish) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionList:
    """Every exemption that is known at a time. Of ``unread`` pools the record of the last look cannot be read."""

    at: datetime
    exemptions: tuple[ListedExemption, ...]
    pools: int
    unread: int


def exemptions_in(looks: Iterable[LookRecord], *, today: date) -> tuple[ListedExemption, ...]:
    """The exemptions that *looks* read, the most urgent first; of one identity the newest look counts."""
    said: dict[PoolRef | IdentityRef, tuple[datetime, ExemptionWish | Message]] = {}
    concerned: dict[PoolRef | IdentityRef, list[LookRecord]] = {}
    for look in looks:
        for known in look.exemptions:
            concerned.setdefault(known.subject, []).append(look)
            if known.subject not in said or said[known.subject][0] < look.looked_at:
                said[known.subject] = look.looked_at, known.said
    listed = [
        ListedExemption(
            subject=subject, said=said[subject][1], looks=tuple(sorted(concerned[subject], key=lambda it: it.pool.arn))
        )
        for subject in said
    ]
    return tuple(sorted(listed, key=lambda it: (_ORDER.index(it.state(today)), it.until or _NEVER, it.subject.arn)))
