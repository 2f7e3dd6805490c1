"""An incident: the findings that one cause explains, as counts, and the last message about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.incidents.share import EXEMPT, GONE, MOVED
from mailwarden.domain.refs.root_causes import RootCause

_NEWS = (FindingState.REPAIRED, FindingState.RESOLVED, GONE)


class Occasion(StrEnum):
    """Why a message about an incident is sent."""

    OPENED = "opened"
    CHANGED = "changed"
    """It got worse or better, or the handling differs from the last message."""
    GREW = "grew"
    """It concerns more pools than the last message had, or far fewer."""
    REMINDER = "reminder"
    """It is still open."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The contents of the last message: the state, the worst rank, the size, and the handling.

    ``phases`` are all that messages had since the incident opened: each is announced at once when it is new. ``shown``
    are those of the last message; None in claims that an earlier version stored.
    """

    occasion: Occasion
    at: datetime
    state: FindingState
    rank: str
    size: int
    phases: frozenset[str]
    growths: int = 0
    shown: frozenset[str] | None = None
    lead: str = ""
    leads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """All findings of one cause. Times are UTC.

    ``generation`` counts how often the cause returned. ``version`` counts the messages, across generations, and
    ``announced`` holds, per channel, the last one sent. ``revision`` guards against lost updates. Findings are counted:
    ``ranks`` and ``phases`` of the open ones, ``leads`` of these by rank and rule, ``regions`` of the pools that these
    are about, ``shared`` pools by the open finding about something shared, ``ended`` those that are over by how they
    ended. A pool counts once, whatever is found of it. ``groups`` counts pools by application. ``all_regions``,
    ``all_groups`` and ``most_shared`` also count what is over, and ``listed`` has some
    of the pools that findings about something shared affected. ``last_end`` is the message about the end of the
    generation before. Until the opening is announced, ``dues`` counts the open findings by the second in which each is
    due. ``end_dues`` counts those that are over, and whose end waits for the outcome of a write. ``attention`` is when
    the next message may be due.
    """

    cause: RootCause
    generation: int
    revision: int
    version: int
    opened_at: datetime
    changed_at: datetime
    dues: Mapping[str, int] = field(default_factory=dict)
    end_dues: Mapping[str, int] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    leads: Mapping[str, int] = field(default_factory=dict)
    phases: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[str, int] = field(default_factory=dict)
    all_regions: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)
    all_groups: Mapping[str, int] = field(default_factory=dict)
    shared: Mapping[str, int] = field(default_factory=dict)
    most_shared: int = 0
    listed: tuple[str, ...] = ()
    ended: Mapping[str, int] = field(default_factory=dict)
    still_lost: int = 0
    unsure: int = 0
    members: int = 0
    first_told_at: datetime | None = None
    told: Claim | None = None
    last_end: Claim | None = None
    announced: Mapping[str, int] = field(default_factory=dict)
    attention: datetime | None = None

    @property
    def open_count(self) -> int:
        """How many findings are open."""
        return sum(self.ranks.values())

    @property
    def state(self) -> FindingState:
        """Open while any finding is; repaired if Mailwarden wrote for any of them."""
        if self.open_count:
            return FindingState.OPEN
        if self.ended.get(FindingState.REPAIRED, 0):
            return FindingState.REPAIRED
        resolved = any(self.ended.get(end, 0) for end in (FindingState.RESOLVED, GONE, MOVED))
        return FindingState.EXEMPT if self.ended.get(EXEMPT, 0) and not resolved else FindingState.RESOLVED

    @property
    def claim(self) -> Claim | None:
        """The message that every channel is to have; None while a cause that returned was not announced yet.

        A channel that missed an end gets it only if the cause did not return, or went again unannounced.
        """
        return self.told or (None if self.open_count else self.last_end)

    @property
    def rank(self) -> str:
        """The worst rank of an open finding; empty where none is open."""
        return max(self.ranks, default="")

    @property
    def lead(self) -> str:
        """The rule of the finding that speaks for the open ones; empty where none is open."""
        return min(self.leads, default="").partition(" ")[2]

    @property
    def severity(self) -> Severity | None:
        """The severity of the worst open finding."""
        return Severity(int(self.rank[0])) if self.rank else None

    @property
    def due(self) -> datetime:
        """When the opening is to be announced: as soon as any open finding is due."""
        return min(map(datetime.fromisoformat, self.dues), default=self.changed_at)

    @property
    def end_due(self) -> datetime:
        """When the end is to be announced: as soon as no outcome of a write is waited for."""
        return max(map(datetime.fromisoformat, self.end_dues), default=self.changed_at)

    @property
    def pools(self) -> int:
        """How many pools are concerned now, at least: those with findings of their own may be among the shared ones."""
        return max(sum(self.regions.values()), max(self.shared.values(), default=0))

    @property
    def size(self) -> int:
        """How many pools are concerned now; where no pool is, as by the monitoring of regions, how many findings."""
        return self.pools or self.open_count

    @property
    def all_pools(self) -> int:
        """How many pools were concerned since it opened, at least."""
        return max(sum(self.all_regions.values()), self.most_shared)

    @property
    def is_closed(self) -> bool:
        """Whether it is over and its end was announced, or needs no message: the next finding opens a generation."""
        if self.open_count:
            return False
        return not self.has_news_of_its_end or (self.told is not None and self.told.state is not FindingState.OPEN)

    @property
    def has_news_of_its_end(self) -> bool:
        """Whether its end is to be announced: that of any finding is news, or it was announced as open."""
        was_told = self.told is not None and self.told.state is FindingState.OPEN
        return was_told or any(self.ended.get(end, 0) for end in _NEWS)

    def is_behind(self, channels: tuple[str, ...]) -> bool:
        """Whether some channel did not get the last message."""
        return any(self.announced.get(channel, 0) < self.version for channel in channels)
