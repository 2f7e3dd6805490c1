"""Which pools a hint concerns, and which of them to look at now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched

from mailwarden.domain.refs.causes import Cause, acts_as
from mailwarden.domain.refs.hints import (
    ConfigurationSetHint,
    EverywhereHint,
    Hint,
    IdentityHint,
    PoolHint,
    RegionHint,
    SesAccountHint,
)
from mailwarden.domain.refs.resources import MonitoringRef, PoolRef, Subject
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse
from mailwarden.ports.monitoring.known_pools import KnownPools
from mailwarden.ports.turns import Turns
from mailwarden.service.inspection.fan_out import MOST_IN_A_PASS, FanOut
from mailwarden.service.inspection.overlap_recorder import OverlapRecorder
from mailwarden.service.monitoring.sweep import POOLS_PER_SECOND, Sweeper

# So many have their places in half a second. Of more, the first looks begin before the others have theirs: a fault of
# all is found, and its repair ordered, sooner. The looks of two seconds begin before the next message comes.
_MANY, _AT_FIRST = 50, 2 * POOLS_PER_SECOND
# As often as the sweep of all regions.
_BETWEEN_TRIES = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernedPools:
    """Finds the pools of hints through the reverse index. ``repair_role`` is the ARN of the role of ``repair``."""

    resources_in_use: ResourcesInUse
    known_pools: KnownPools
    hints: HintQueue
    sweeper: Sweeper
    fan_out: FanOut
    turns: Turns
    watched_regions: tuple[str, ...]
    started_at: datetime
    repair_role: str = ""
    overlaps: OverlapRecorder | None = None

    def of(self, hint: Hint) -> tuple[PoolHint, ...]:
        """The pools to look at now because of *hint*; a hint about whole regions goes back to the queue.

        An identity, set or account that no pool's last look used causes no look once every watched region was swept;
        before that the index may be incomplete, so the other regions are looked at. Of many users the first are looked
        at now, and the others wait in the queue. Pools of other regions are ignored: us-east-1 always forwards its
        events, and a replica may be in any region.
        """
        if self.overlaps is not None:
            self.overlaps.record(hint)
        match hint:
            case PoolHint(pool=PoolRef(region=region)) | RegionHint(region=region) if (
                region not in self.watched_regions
            ):
                return ()
            case PoolHint():
                return (hint,)
            case IdentityHint(identity=subject):
                return self._users_of(hint, subject)
            case ConfigurationSetHint(configuration_set=subject):
                return self._users_of(hint, subject)
            case SesAccountHint(account=subject):
                return self._users_of(hint, subject)
            case RegionHint(cause=None):
                self.sweeper.spread(hint)
                return ()
            case RegionHint(cause=cause):
                at_once: list[PoolHint] = []
                self.sweeper.spread(hint, by=lambda pools: at_once.extend(self.fan_out.spread(pools, cause=cause)))
                return tuple(at_once)
            case EverywhereHint(cause=cause):
                self._pass_on(cause, self.watched_regions)
                return ()

    def _users_of(
        self, hint: IdentityHint | ConfigurationSetHint | SesAccountHint, subject: Subject
    ) -> tuple[PoolHint, ...]:
        if hint.cause is not None and isinstance(hint, IdentityHint) and acts_as(hint.cause.actor, self.repair_role):
            # `repair` looked at the pools that its write was for, and a grant of ours changes nothing for others.
            return ()
        users = self.resources_in_use.pools_using(subject)
        if not users:
            self._complete_the_index(hint.cause)
            return ()
        left, first = users, tuple[PoolRef, ...]()
        if hint.after is not None:
            left = tuple(pool for pool in users if hint.after < pool.arn and (not hint.until or pool.arn <= hint.until))
        elif len(users) > POOLS_PER_SECOND:
            first = self.fan_out.needing_it_first(users, subject)
        others = [pool for pool in left if pool not in set(first)]
        is_long = hint.after is None and not first and len(others) > _MANY
        now = (*first, *others)[: _AT_FIRST if is_long else MOST_IN_A_PASS]
        at_once = self.fan_out.spread(now, cause=hint.cause)
        if len(now) < len(first) + len(others):
            self.hints.send(_passes(hint, left, after=now[-1].arn if len(now) > len(first) else ""))
        return at_once

    def _complete_the_index(self, cause: Cause | None) -> None:
        """Sweep what was never swept, for a pool there may use what the hint names; a region is tried once in an hour.

        A region that cannot be listed stays unswept: without the turn each foreign event would try it again.
        """
        unswept = [region for region in self.watched_regions if self.known_pools.swept_at(region) is None]
        self._pass_on(cause, [region for region in unswept if self._may_try(region)])

    def _may_try(self, region: str) -> bool:
        watch = MonitoringRef(partition=self.sweeper.partition, region=region, account=self.sweeper.account)
        return self.turns.try_acquire(watch, now=self.started_at, every=_BETWEEN_TRIES)

    def _pass_on(self, cause: Cause | None, regions: Iterable[str]) -> None:
        self.hints.send([DelayedHint(hint=RegionHint(region=region, cause=cause)) for region in regions])


def _passes(
    hint: IdentityHint | ConfigurationSetHint | SesAccountHint, users: Iterable[PoolRef], *, after: str
) -> list[DelayedHint]:
    """A message for each pass over the users that are left; none of them leads to another."""
    passes = tuple(batched((pool.arn for pool in users if pool.arn > after), MOST_IN_A_PASS, strict=False))
    begins = (after, *(each[-1] for each in passes[:-1]))
    ends = (*(each[-1] for each in passes[:-1]), hint.until)
    return [DelayedHint(hint=replace(hint, after=begin, until=end)) for begin, end in zip(begins, ends, strict=True)]
