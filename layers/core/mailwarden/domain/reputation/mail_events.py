"""SES events about single failed or delayed mails, and the counts that they add to.

No recipient enters this module.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef, Subject

# The time to live of a count after its last addition; rules read seven days.
KEEP_COUNTS = timedelta(days=90)
# The time to live of an event's marker: longer than any redelivery. SNS retries the delivery to a queue for 23 days
# (SNS guide, "Message delivery retries"); a message stays a day in the queue and 14 days in the dead-letter queue, from
# which an operator may redrive it.
KEEP_MARKERS = timedelta(days=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvent:
    """One event of one mail.

    ``key`` is the same 64 hexadecimal digits for the same event on every route. ``at`` is the time of the bounce, the
    complaint or the delay, otherwise of the mail. ``identity`` sent the mail and ``sender`` is its FROM address, each
    None if the event does not name it; ``configuration_set`` is None if the mail used none.
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
    """A pool's mail through one SES account or one configuration set, to compare with that route's sends."""

    pool: PoolRef
    via: SesAccountRef | ConfigurationSetRef

    @property
    def arn(self) -> str:
        """A key made of the two ARNs."""
        return f"{self.pool.arn}#{self.via.arn}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class CounterKey:
    """The key of one count: an ARN and a UTC day or hour; the periods of a kind sort by time."""

    arn: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedEvent:
    """An event and everything that it counts for, each once: by day for subjects, by hour for its pool's routes."""

    key: str
    outcome: str
    at: datetime
    subjects: tuple[Subject, ...]
    routes: tuple[PoolRoute, ...] = ()

    @property
    def counter_keys(self) -> tuple[CounterKey, ...]:
        """The counts to add it to."""
        by_day = (CounterKey(arn=subject.arn, period=day_period(self.at.date())) for subject in self.subjects)
        by_hour = (CounterKey(arn=route.arn, period=hour_period(self.at)) for route in self.routes)
        return (*by_day, *by_hour)


def day_period(day: date) -> str:
    """The UTC day of *at*, in the form ``DAY#2026-03-02``."""
    return f"DAY#{day.isoformat()}"


def hour_period(at: datetime) -> str:
    """The UTC hour of *at*, in the form ``HOUR#2026-03-02T11``."""
    return f"HOUR#{at.astimezone(UTC):%Y-%m-%dT%H}"


def pack_into_transactions(events: Iterable[CountedEvent], *, most: int) -> Iterator[tuple[CountedEvent, ...]]:
    """Pack the events into as few transactions as possible, with events of the same counts together.

    A transaction writes one marker for each event and one item for each count, at most *most* in total.
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
