"""The sweep: turns every pool of a region into a hint, spread to use a small share of the account's quotas."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import PoolHint, RegionHint
from mailwarden.domain.refs.resources import MonitoringRef, PoolRef
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.mail_path.pools import Pools
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse
from mailwarden.ports.monitoring.known_pools import KnownPools

# A third of UserPoolRead's quota of 15 requests a second per account and region (Cognito quotas page).
POOLS_PER_SECOND = 5
# SQS delays a message by 15 minutes at most; a hint with a continuation token covers the rest.
LONGEST_DELAY = timedelta(minutes=15)


class RegionNotReadable(RuntimeError):
    """The pools of a region cannot be listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """Lists pools and sends hints."""

    pools: Pools
    hints: HintQueue
    resources_in_use: ResourcesInUse
    known_pools: KnownPools
    clock: Clock
    partition: str
    account: str

    def spread(self, hint: RegionHint) -> int:
        """Send a hint for every pool of a region, five a second; the number of pools. Raises RegionNotReadable.

        A region is marked as swept after its last page. Known pools that are no longer listed are looked at too: the
        event of their deletion may have been lost.
        """
        sent = 0
        after = hint.after
        listed: set[PoolRef] = set()
        while True:
            page = self.pools.page(hint.region, after)
            if isinstance(page, Unreadable):
                raise RegionNotReadable(f"{hint.region}: {page}")
            self.send(page.pools, cause=hint.cause, after=sent)
            listed.update(page.pools)
            sent += len(page.pools)
            after = page.after
            if after is None:
                if hint.after is None:
                    self.send(self._not_listed(hint.region, listed), cause=hint.cause, after=sent)
                self.known_pools.mark_swept(hint.region, at=self.clock.now())
                return sent
            if _delay(sent + len(page.pools)) >= LONGEST_DELAY:
                rest = RegionHint(region=hint.region, after=after, cause=hint.cause)
                self.hints.send([DelayedHint(hint=rest, delay=LONGEST_DELAY)])
                return sent

    def send(self, pools: Sequence[PoolRef], *, cause: Cause | None, after: int = 0) -> None:
        """Send a hint for each pool, five a second, as if *after* others had been sent before."""
        self.hints.send(
            [
                DelayedHint(hint=PoolHint(pool=pool, cause=cause), delay=_delay(after + place))
                for place, pool in enumerate(pools)
            ],
        )

    def _not_listed(self, region: str, listed: set[PoolRef]) -> tuple[PoolRef, ...]:
        known = self.resources_in_use.pools_using(
            MonitoringRef(partition=self.partition, region=region, account=self.account)
        )
        return tuple(pool for pool in known if pool not in listed)

    def age(self, regions: tuple[str, ...]) -> timedelta | None:
        """The age of the oldest complete sweep of *regions*; None if one was never swept."""
        ends = [self.known_pools.swept_at(region) for region in regions]
        known = [end for end in ends if end is not None]
        return self.clock.now() - min(known) if known and len(known) == len(ends) else None

    def never_swept(self, regions: tuple[str, ...]) -> tuple[str, ...]:
        """The regions without a complete sweep: all after the first deployment."""
        return tuple(region for region in regions if self.known_pools.swept_at(region) is None)

    def sweep(self, regions: tuple[str, ...]) -> Iterator[tuple[str, int | str]]:
        """Spread every region; yields each with its number of pools, or with the reason why it cannot be listed."""
        for region in regions:
            try:
                yield region, self.spread(RegionHint(region=region))
            except RegionNotReadable as error:
                yield region, str(error)


def _delay(place: int) -> timedelta:
    return min(timedelta(seconds=place // POOLS_PER_SECOND), LONGEST_DELAY)
