"""Events of SES about single mails that did not arrive as they should: what is counted of them, and as what.

Recipients never get in here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mailwarden.domain.subjects import ConfigurationSetRef, IdentityRef, SesAccountRef, Subject

# How long a count is kept, from the last time it was added to; rules read seven days.
KEEP_COUNTS = timedelta(days=90)
# How long it is remembered that an event was counted: longer than it can come again. SNS tries for 23 days to hand a
# message to a queue (SNS guide, "Message delivery retries"), a message waits a day in the queue and 14 days with the
# dead letters, from where people may send it back.
KEEP_MARKERS = timedelta(days=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvent:
    """One event of one mail.

    ``key`` is the same 64 hexadecimal digits for the same event, whichever way it came. ``day`` is the UTC day of the
    bounce, the complaint or the delay, else of the mail. ``identity`` sent the mail and ``sender`` is its FROM
    address, each None where the event does not tell; ``configuration_set`` is None where it passed through none.
    """

    key: str
    outcome: str
    day: date
    account: SesAccountRef
    identity: IdentityRef | None
    configuration_set: ConfigurationSetRef | None
    sender: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedEvent:
    """An event and all that it counts for, each once."""

    key: str
    outcome: str
    day: date
    subjects: tuple[Subject, ...]


def packed(events: Iterable[CountedEvent], *, most: int) -> Iterator[tuple[CountedEvent, ...]]:
    """The events in as few groups as can be counted at once, with those that count for the same close together.

    A group writes one marker for each event and one count for each subject and day, together at most *most*.
    """
    group: list[CountedEvent] = []
    counts: set[tuple[Subject, date]] = set()
    for event in sorted(events, key=lambda each: ([subject.arn for subject in each.subjects], each.day, each.key)):
        grown = counts | {(subject, event.day) for subject in event.subjects}
        if group and len(group) + 1 + len(grown) > most:
            yield tuple(group)
            group, grown = [], {(subject, event.day) for subject in event.subjects}
        group.append(event)
        counts = grown
    if group:
        yield tuple(group)
