"""Counts failed and delayed mail of pools, each event once.

It sends no hints: a share is meaningful only when the sends are known, an hour later.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.reputation.mail_events import CountedEvent, MailEvent, PoolRoute, pack_into_transactions
from mailwarden.ports.clock import Clock
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse
from mailwarden.ports.reputation.mail_counters import MOST_WRITES_AT_ONCE, MailCounters
from mailwarden.service.inspection.attribution import Attribution, Owners

# As for delivery failures: a pool in trouble is looked at, but not for each of its mails.
_TURN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEventTally:
    """Writes counts. After an error SQS retries the messages: nothing counts twice."""

    counters: MailCounters
    resources_in_use: ResourcesInUse
    clock: Clock

    def attribution(self) -> Attribution:
        """The attribution of one batch's events."""
        return Attribution(resources_in_use=self.resources_in_use)

    def groups_of(self, events: Iterable[tuple[MailEvent, Owners]]) -> Iterator[tuple[CountedEvent, ...]]:
        """The events with an owner, in groups of one transaction each; each event at most once."""
        # A time in the future is an error of a clock; its count would never expire.
        now = self.clock.now()
        counted = (
            CountedEvent(
                key=event.key,
                outcome=event.outcome,
                at=min(event.at, now),
                subjects=owners.subjects,
                routes=_lanes(event, owners),
            )
            for event, owners in events
            if owners.subjects
        )
        return pack_into_transactions(counted, most=MOST_WRITES_AT_ONCE)

    def count(self, group: Sequence[CountedEvent]) -> int:
        """Count a group; returns the number of its new events."""
        return len(self.counters.count(group, now=self.clock.now()))


def _lanes(event: MailEvent, owners: Owners) -> tuple[PoolRoute, ...]:
    if owners.pool is None:
        return ()
    vias = (event.account, event.configuration_set)
    return tuple(PoolRoute(pool=owners.pool, via=via) for via in vias if via is not None)
