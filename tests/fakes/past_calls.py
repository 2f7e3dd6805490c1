"""The history of CloudTrail in memory, and which regions are known to show EmailConfiguration."""

from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.known_good.past_calls import PastCall
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import PoolRef


@dataclass(slots=True)
class InMemoryPastCalls:
    """Implements ``PastCalls``; a call is shown from the time in ``shown_at`` on, or at once."""

    held: dict[PoolRef, list[PastCall]] = field(default_factory=dict)
    shown_at: dict[str, datetime] = field(default_factory=dict)
    refusal: Unreadable | None = None
    asked: list[tuple[PoolRef, datetime, datetime]] = field(default_factory=list)

    def updates_of(self, pool: PoolRef, *, since: datetime, until: datetime) -> tuple[PastCall, ...] | Unreadable:
        self.asked.append((pool, since, until))
        if self.refusal is not None:
            return self.refusal
        return tuple(
            call
            for call in self.held.get(pool, [])
            if since <= call.at <= until and self.shown_at.get(call.event_id, call.at) <= until
        )


@dataclass(slots=True)
class InMemoryEmailRecords:
    """Implements ``EmailRecords``."""

    shown: dict[str, str] = field(default_factory=dict)

    def are_shown(self, region: str) -> bool:
        return region in self.shown

    def remember(self, call: Cause) -> None:
        self.shown.setdefault(call.region, call.event_id)
