"""The sweep: turns every pool of a region into a hint, spread so that we stay a guest in the account's quotas."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.hints import PoolHint, RegionHint
from mailwarden.domain.readings import Unread
from mailwarden.ports import Clock, DelayedHint, HintQueue, Ledger, Pools

# A third of the 15 requests a second that Cognito grants UserPoolRead per account and region (Cognito quotas page).
POOLS_PER_SECOND = 5
# SQS delays a message by 15 minutes at most; what would wait longer is left to a hint that goes on from there.
LONGEST_DELAY = timedelta(minutes=15)


class RegionNotReadable(RuntimeError):
    """The pools of a region could not be listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """Lists pools and sends hints."""

    pools: Pools
    hints: HintQueue
    ledger: Ledger
    clock: Clock

    def spread(self, hint: RegionHint) -> int:
        """Send a hint for every pool of a region, five a second; the number of pools. Raises RegionNotReadable.

        A region is marked as swept when its last page was sent.
        """
        sent = 0
        after = hint.after
        while True:
            page = self.pools.page(hint.region, after)
            if isinstance(page, Unread):
                raise RegionNotReadable(f"{hint.region}: {page}")
            self.hints.send(
                [
                    DelayedHint(hint=PoolHint(pool=pool, cause=hint.cause), delay=_delay(sent + place))
                    for place, pool in enumerate(page.pools)
                ],
            )
            sent += len(page.pools)
            after = page.after
            if after is None:
                self.ledger.mark_swept(hint.region, at=self.clock.now())
                return sent
            if _delay(sent + len(page.pools)) >= LONGEST_DELAY:
                rest = RegionHint(region=hint.region, after=after, cause=hint.cause)
                self.hints.send([DelayedHint(hint=rest, delay=LONGEST_DELAY)])
                return sent

    def age(self, regions: tuple[str, ...]) -> timedelta | None:
        """How long ago the longest unswept of *regions* was swept completely; None if one never was."""
        ends = [self.ledger.swept_at(region) for region in regions]
        known = [end for end in ends if end is not None]
        return self.clock.now() - min(known) if known and len(known) == len(ends) else None

    def never_swept(self, regions: tuple[str, ...]) -> tuple[str, ...]:
        """The regions no sweep of which ever ended: after the first deployment, all."""
        return tuple(region for region in regions if self.ledger.swept_at(region) is None)

    def sweep(self, regions: tuple[str, ...]) -> Iterator[tuple[str, int | str]]:
        """Spread every region; yields each with its number of pools, or with why it could not be listed."""
        for region in regions:
            try:
                yield region, self.spread(RegionHint(region=region))
            except RegionNotReadable as error:
                yield region, str(error)


def _delay(place: int) -> timedelta:
    return min(timedelta(seconds=place // POOLS_PER_SECOND), LONGEST_DELAY)
