"""Events of SES about single mails that did not arrive as they should: what is counted of them, and as what.

Recipients never get in here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef, Subject

# How long a count is kept, from the last time it was added to; rules read seven days.
KEEP_COUNTS = timedelta(days=90)
# How long it is remembered that an event was counted: longer than it can come again. SNS tries for 23 days to hand a
# message to a queue (SNS guide, "Message delivery retries"), a message waits a day in the queue and 14 days with the
# dead letters, from where people may send it back.
KEEP_MARKERS = timedelta(days=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvent:
    """One event of one mail.

    ``key`` is the same 64 hexadecimal digits for the same event, whichever way it came. ``at`` is when the bounce, the
    complaint or the delay was, else the mail. ``identity`` sent the mail and ``sender`` is its FROM address, each None
    where the event does not tell; ``configuration_set`` is None where it passed through none.
    """

    key: str
    outcome: str
    at: datetime
    account: SesAccountRef
    identity: IdentityRef | None
    configuration_set: ConfigurationSetRef | None
    sender: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRoute:
    """A pool's mail through one SES account or one configuration set: what the sends of these can be compared with."""

    pool: PoolRef
    via: SesAccountRef | ConfigurationSetRef

    @property
    def arn(self) -> str:
        """A name of its own, made of the two."""
        return f"{self.pool.arn}#{self.via.arn}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class CounterKey:
    """One count: what is counted for, by its ARN, and the UTC day or hour; the periods of a kind sort by time."""

    arn: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedEvent:
    """An event and all that it counts for, each once: by day for subjects, by hour for the lanes of its pool."""

    key: str
    outcome: str
    at: datetime
    subjects: tuple[Subject, ...]
    routes: tuple[PoolRoute, ...] = ()

    @property
    def counter_keys(self) -> tuple[CounterKey, ...]:
        """Where it is added."""
        by_day = (CounterKey(arn=subject.arn, period=day_period(self.at.date())) for subject in self.subjects)
        by_hour = (CounterKey(arn=route.arn, period=hour_period(self.at)) for route in self.routes)
        return (*by_day, *by_hour)


def day_period(day: date) -> str:
    """As in ``DAY#2026-03-02``."""
    return f"DAY#{day.isoformat()}"


def hour_period(at: datetime) -> str:
    """The UTC hour that *at* lies in, as in ``HOUR#2026-03-02T11``."""
    return f"HOUR#{at.astimezone(UTC):%Y-%m-%dT%H}"


def pack_into_transactions(events: Iterable[CountedEvent], *, most: int) -> Iterator[tuple[CountedEvent, ...]]:
    """The events in as few groups as can be counted at once, with those that count for the same close together.

    A group writes one marker for each event and one count for each cell, together at most *most*.
    """
    group: list[CountedEvent] = []
    counts: set[CounterKey] = set()
    for event in sorted(events, key=lambda each: (each.counter_keys, each.key)):
        grown = counts | set(event.counter_keys)
        if group and len(group) + 1 + len(grown) > most:
            yield tuple(group)
            group, grown = [], set(event.counter_keys)
        group.append(event)
        counts = grown
    if group:
        yield tuple(group)
