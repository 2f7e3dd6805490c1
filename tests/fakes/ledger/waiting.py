"""The looks that wait, and the schedules of AWS's rates, in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailwarden.domain.refs.causes import Cause, joined_calls
from mailwarden.domain.refs.hints import GarbledLook, WaitingLook
from mailwarden.domain.refs.resources import PoolRef

_IN_THE_QUEUE = timedelta(minutes=50)


@dataclass(slots=True, kw_only=True)
class InMemoryWaitingLooks:
    """Implements ``WaitingLooks``."""

    held: dict[PoolRef, WaitingLook] = field(default_factory=dict)
    garbled: dict[PoolRef, GarbledLook] = field(default_factory=dict)
    revisions: int = 0

    def read(self, pools: Collection[PoolRef]) -> Mapping[PoolRef, WaitingLook | GarbledLook]:
        looks: dict[PoolRef, WaitingLook | GarbledLook] = {**self.held, **self.garbled}
        return {pool: looks[pool] for pool in pools if pool in looks}

    def join(
        self, pools: Collection[PoolRef], *, cause: Cause | None, anew: bool, now: datetime
    ) -> Mapping[PoolRef, WaitingLook]:
        joined = {}
        for pool, look in self.read(pools).items():
            if isinstance(look, WaitingLook) and look.due + _IN_THE_QUEUE > now:
                joined[pool] = look
                self.held[pool] = replace(
                    look,
                    wanted_at=now,
                    causes=joined_calls(look.causes, () if cause is None else cause.calls),
                    asks_anew=look.asks_anew or anew,
                    revision=self._revision(),
                )
        return joined

    def put(self, look: WaitingLook, *, now: datetime) -> bool:
        known = self.held.get(look.pool)
        if look.pool in self.garbled or (known is not None and known.due + _IN_THE_QUEUE > now):
            return False
        self.held[look.pool] = replace(look, revision=self._revision())
        return True

    def postpone(self, look: WaitingLook) -> None:
        known = self.held.get(look.pool, look)
        self.held[look.pool] = replace(known, due=look.due, attempt=look.attempt, paid=look.paid)

    def end(self, look: WaitingLook) -> bool:
        known = self.held.get(look.pool)
        if known is not None and known.revision != look.revision:
            return False
        self.held.pop(look.pool, None)
        return True

    def _revision(self) -> str:
        self.revisions += 1
        return str(self.revisions)


@dataclass(slots=True, kw_only=True)
class InMemoryRateShares:
    """Implements ``RateShares``; ``given`` holds every place of each schedule."""

    next: dict[str, datetime] = field(default_factory=dict)
    given: dict[str, list[datetime]] = field(default_factory=dict)

    def reserve(self, schedule: str, *, places: int, every: timedelta, now: datetime) -> datetime:
        first = max(now, self.next.get(schedule, now))
        self.next[schedule] = first + places * every
        self.given.setdefault(schedule, []).extend(first + place * every for place in range(places))
        return first
