"""Counts of mail that did not arrive as it should."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from mailwarden.domain.refs.resources import Subject
from mailwarden.domain.reputation.feedback import MailCounts
from mailwarden.domain.reputation.mail_events import CountedEvent, PoolRoute

# What one transaction of DynamoDB may write (its API reference, TransactWriteItems).
MOST_WRITES_AT_ONCE = 100


class MailCounters(Protocol):
    """Counts each event once."""

    def count(self, events: Sequence[CountedEvent], *, now: datetime) -> frozenset[str]:
        """Count events, all of those that were not counted before or none; the keys of those that were not.

        Each key may be there once. Raises ValueError where they need more than ``MOST_WRITES_AT_ONCE`` writes.
        """
        ...

    def since(self, subject: Subject, first: date) -> MailCounts:
        """What of a subject's mail did not arrive as it should, from the beginning of a UTC day on."""
        ...

    def via(self, route: PoolRoute, *, since: datetime, until: datetime) -> MailCounts:
        """What of a pool's mail through one account or set came back in the whole UTC hours between two moments."""
        ...
