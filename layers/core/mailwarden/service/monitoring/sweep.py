"""The sweep: turns every pool of a region into a hint, spread to use a small share of the account's quotas."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.hints import PoolHint, RegionHint
from mailwarden.domain.refs.resources import MonitoringRef, PoolRef
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.mail_path.pools import Pools
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse
from mailwarden.ports.monitoring.known_pools import KnownPools

# A third of UserPoolRead's quota of 15 requests a second per account and region (Cognito quotas page).
POOLS_PER_SECOND = 5
# SQS delays a message by 15 minutes at most.
LONGEST_DELAY = timedelta(minutes=15)
# The pools of five pages of ListUserPools are looked at in a minute.
_MOST_PAGES = 5
_MOST_RESTARTS = 2
# A look has the date of its oldest reading.
_OLDER_THAN_ITS_START = timedelta(minutes=1)


class RegionNotReadable(RuntimeError):
    """The pools of a region cannot be listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """Lists pools and sends hints."""

    pools: Pools
    hints: HintQueue
    resources_in_use: ResourcesInUse
    known_pools: KnownPools
    looks: Looks
    clock: Clock
    partition: str
    account: str

    def spread(self, hint: RegionHint, *, by: Callable[[Sequence[PoolRef]], object] | None = None) -> int:
        """Send a hint for every pool of a region, five a second; the number of pools. Raises RegionNotReadable.

        *by* takes the pools instead, if they are looked at because of a call. A large region is listed in passes, as
        fast as its pools are looked at: a token that waits long may expire, and then the sweep begins again. A region
        is marked as swept after its last page. Known pools that are no longer listed are looked at too: the event of
        their deletion may have been lost.
        """
        begun_at, listed = hint.begun_at or self.clock.now(), list[PoolRef]()
        send, after = by or self._send_in_order_of(listed), hint.after
        for _ in range(_MOST_PAGES):
            page = self.pools.page(hint.region, after)
            if isinstance(page, Unreadable):
                if after is None or page.transient or hint.restarts == _MOST_RESTARTS:
                    raise RegionNotReadable(f"{hint.region}: {page}")
                again = replace(hint, after=None, begun_at=begun_at, restarts=hint.restarts + 1)
                self.hints.send([DelayedHint(hint=again)])
                return len(listed)
            send(page.pools)
            listed += page.pools
            after = page.after
            if after is None:
                send(self._not_listed(hint, frozenset(listed), begun_at))
                self.known_pools.mark_swept(hint.region, at=self.clock.now())
                return len(listed)
        rest = replace(hint, after=after, begun_at=begun_at)
        self.hints.send([DelayedHint(hint=rest, delay=_delay(len(listed)))])
        return len(listed)

    def _send_in_order_of(self, listed: Sequence[PoolRef]) -> Callable[[Sequence[PoolRef]], None]:
        """Send hints for pools, five a second, after those that were *listed* before."""

        def send(pools: Sequence[PoolRef]) -> None:
            before = len(listed)
            self.hints.send(
                [
                    DelayedHint(hint=PoolHint(pool=pool), delay=_delay(before + place))
                    for place, pool in enumerate(pools)
                ],
            )

        return send

    def _not_listed(self, hint: RegionHint, listed: frozenset[PoolRef], begun_at: datetime) -> tuple[PoolRef, ...]:
        """Known pools that no pass listed: after several, those without a look since the sweep began."""
        watch = MonitoringRef(partition=self.partition, region=hint.region, account=self.account)
        left = tuple(pool for pool in self.resources_in_use.pools_using(watch) if pool not in listed)
        if hint.begun_at is None:
            return left
        looks = self.looks.last_of(left)
        return tuple(
            pool for pool in left if pool not in looks or looks[pool].looked_at < begun_at - _OLDER_THAN_ITS_START
        )

    def age(self, regions: tuple[str, ...]) -> timedelta | None:
        """The age of the oldest complete sweep of *regions*; None if one was never swept."""
        ends = [self.known_pools.swept_at(region) for region in regions]
        known = [end for end in ends if end is not None]
        return self.clock.now() - min(known) if known and len(known) == len(ends) else None

    def never_swept(self, regions: tuple[str, ...]) -> tuple[str, ...]:
        """The regions without a complete sweep: all after the first deployment."""
        return tuple(region for region in regions if self.known_pools.swept_at(region) is None)

    def sweep(self, regions: tuple[str, ...]) -> Iterator[tuple[str, int | Exception]]:
        """Spread every region; yields each with its number of pools, or with the error that it ended with.

        The region that was swept last comes first: a region that does not answer takes half a minute, and only those
        that did not answer before wait for it.
        """
        for region in self._last_swept_first(regions):
            yield region, self._swept(region)

    def _swept(self, region: str) -> int | Exception:
        try:
            return self.spread(RegionHint(region=region))
        except Exception as error:  # noqa: BLE001 - the caller reports it after the other regions
            return error

    def _last_swept_first(self, regions: tuple[str, ...]) -> list[str]:
        ends = {region: self.known_pools.swept_at(region) for region in regions}
        swept = sorted((end, region) for region, end in ends.items() if end is not None)
        return [*(region for _, region in reversed(swept)), *(region for region in regions if ends[region] is None)]


def _delay(place: int) -> timedelta:
    return min(timedelta(seconds=place // POOLS_PER_SECOND), LONGEST_DELAY)
