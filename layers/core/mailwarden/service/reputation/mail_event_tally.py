"""Counts what did not arrive of the pools' mail, each event once.

Nobody is looked at because of it: what is too much can be said once what was sent until then is known, an hour later.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.reputation.mail_events import CountedEvent, MailEvent, PoolRoute, pack_into_transactions
from mailwarden.ports.clock import Clock
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse
from mailwarden.ports.reputation.mail_counters import MOST_WRITES_AT_ONCE, MailCounters
from mailwarden.service.inspection.attribution import Attribution, Owners

# As with failed deliveries: a pool in trouble is looked at, but not for each of its mails.
_TURN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEventTally:
    """Writes counts. What it may raise lets the messages come again: nothing is counted twice."""

    counters: MailCounters
    resources_in_use: ResourcesInUse
    clock: Clock

    def attribution(self) -> Attribution:
        """Whose mail the events of one batch are about."""
        return Attribution(resources_in_use=self.resources_in_use)

    def groups_of(self, events: Iterable[tuple[MailEvent, Owners]]) -> Iterator[tuple[CountedEvent, ...]]:
        """Events that somebody owns, in groups that are counted at once; each event may be there once."""
        # A time that has not come is a mistake of somebody's clock, and would be counted for ever.
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
        """Count a group; how many of its events were not counted before."""
        return len(self.counters.count(group, now=self.clock.now()))


def _lanes(event: MailEvent, owners: Owners) -> tuple[PoolRoute, ...]:
    if owners.pool is None:
        return ()
    vias = (event.account, event.configuration_set)
    return tuple(PoolRoute(pool=owners.pool, via=via) for via in vias if via is not None)
