"""Time that passes over a deployment in memory: hints come out of their queue when they are due, ten in a batch."""

import math
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailwarden.domain.readings import IdentityReading, Missing, PoolReading, Unreadable
from mailwarden.domain.refs.hints import Hint
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.ports.hint_queue import DelayedHint
from mailwarden.ports.mail_path.pools import PoolPage
from tests.builders import HeldIdentities, HeldPools
from tests.fakes.deployment import Deployment, TickingClock
from tests.fakes.queues import InMemoryHintQueue

_BATCH = 10


@dataclass(slots=True, kw_only=True)
class TimedHintQueue(InMemoryHintQueue):
    """A queue that holds messages back by whole seconds; ``sent`` counts them."""

    clock: TickingClock
    timed: list[tuple[datetime, Hint]] = field(default_factory=list)
    sent: int = 0

    def send(self, hints: Sequence[DelayedHint]) -> None:
        for delayed in hints:
            seconds = math.ceil(delayed.delay.total_seconds())
            if not 0 <= seconds <= 900:
                raise ValueError(f"a hint cannot wait {delayed.delay}")
            self.timed.append((self.clock.at + timedelta(seconds=seconds), delayed.hint))
            self.sent += 1


@dataclass(slots=True, kw_only=True)
class TimedPools(HeldPools):
    """Pools that note when they were read; a region lists them in pages, or refuses."""

    clock: TickingClock
    read_at: list[datetime] = field(default_factory=list)
    refused: frozenset[str] = frozenset()
    listed: Counter[str] = field(default_factory=Counter)
    expired: set[str] = field(default_factory=set)
    page_size: int = 60

    def read(self, pool: PoolRef) -> PoolReading:
        self.read_at.append(self.clock.at)
        return self.held.get(pool, Missing(arn=pool.arn))

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:  # type: ignore[override]
        self.listed[region] += 1
        if region in self.refused:
            return Unreadable(action="cognito-idp:ListUserPools", region=region, reason="AccessDenied")
        if after is not None and after in self.expired:
            return Unreadable(action="cognito-idp:ListUserPools", region=region, reason="InvalidParameterException")
        pools = sorted((ref for ref in self.held if ref.region == region), key=lambda ref: ref.arn)
        first = 0 if after is None else int(after)
        rest = first + self.page_size
        return PoolPage(pools=tuple(pools[first:rest]), after=str(rest) if rest < len(pools) else None)


@dataclass(slots=True, kw_only=True)
class ThrottledIdentities(HeldIdentities):
    """Identities behind SES's rate: one call a second in a region, more are throttled."""

    clock: TickingClock
    taken: dict[str, datetime] = field(default_factory=dict)
    asked_at: list[datetime] = field(default_factory=list)
    throttles: int = 0

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        now = self.clock.at
        if now - self.taken.get(identity.region, datetime.min.replace(tzinfo=now.tzinfo)) < timedelta(seconds=1):
            self.throttles += 1
            return Unreadable(
                action="ses:GetEmailIdentity",
                region=identity.region,
                reason="TooManyRequestsException",
                transient=True,
            )
        self.taken[identity.region] = now
        self.asked_at.append(now)
        return HeldIdentities.read(self, identity, fresh=fresh)


def passing(mailwarden: Deployment) -> tuple[TimedHintQueue, TimedPools]:
    """Let time pass over a deployment: its queue and its pools know the time."""
    queue = TimedHintQueue(clock=mailwarden.clock)
    pools = TimedPools(held=mailwarden.pools.held, clock=mailwarden.clock)
    mailwarden.hints, mailwarden.pools = queue, pools
    return queue, pools


def run(mailwarden: Deployment, queue: TimedHintQueue, *, until: timedelta = timedelta(hours=3)) -> None:
    """Handle what is in the queue, in batches and in order of time, until it is empty or the time is over."""
    end = mailwarden.clock.at + until
    while queue.timed:
        due = deque(sorted(queue.timed, key=lambda entry: entry[0]))
        if due[0][0] > end:
            return
        mailwarden.clock.at = max(mailwarden.clock.at, due[0][0])
        batch = [entry for entry in due if entry[0] <= mailwarden.clock.at][:_BATCH]
        for entry in batch:
            queue.timed.remove(entry)
        mailwarden.inspect(*(hint for _, hint in batch))


def most_in_a_second(times: Sequence[datetime]) -> int:
    """The most calls in any second, counted from each of them on."""
    ordered = sorted(times)
    first, most = 0, 0
    for place, at in enumerate(ordered):
        while at - ordered[first] >= timedelta(seconds=1):
            first += 1
        most = max(most, place - first + 1)
    return most
