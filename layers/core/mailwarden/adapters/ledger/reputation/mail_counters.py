"""Counts of mail that did not arrive as it should: by pool, identity and configuration set, outcome and UTC day.

A pool's are kept by hour, too, for each SES account and set that they came through.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import FORMAT, expiry, item_of, key_of, members_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race, refusals
from mailwarden.domain.refs.resources import Subject
from mailwarden.domain.reputation.feedback import MailCounts
from mailwarden.domain.reputation.mail_events import (
    KEEP_COUNTS,
    KEEP_MARKERS,
    CountedEvent,
    CounterKey,
    PoolRoute,
    day_period,
    hour_period,
)
from mailwarden.ports.reputation.mail_counters import MOST_WRITES_AT_ONCE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

# Each outcome is an attribute of its own, so that it can be added to without being read.
OUTCOME = "n:"
_SEEN = "SEEN#"
_MARKER = "EVENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoMailCounters:
    """Implements ``MailCounters``.

    The items are ``COUNTS#subject / DAY#2026-03-02``, ``COUNTS#lane / HOUR#2026-03-02T11`` and ``SEEN#key / EVENT``.

    The markers of events and the counts they add to are written in one transaction: whatever dies, comes twice or comes
    late, an event is counted with its marker or not at all (docs/adr/0009).
    """

    table: Table

    def count(self, events: Sequence[CountedEvent], *, now: datetime) -> frozenset[str]:
        """Count those of *events* that have no marker yet; their keys. Raises Contended, and ValueError for too many.

        A second transaction is only needed where some were counted before, or where somebody else writes the same
        counts at the moment.
        """
        left = list(events)
        for _ in self.table.attempts("mail-counts"):
            if not left:
                return frozenset()
            writes = [*self._markers(left, now), *self._additions(left, now)]
            if len(writes) > MOST_WRITES_AT_ONCE:
                raise ValueError(f"{len(events)} events need {len(writes)} writes, more than {MOST_WRITES_AT_ONCE}")
            try:
                self.table.client.transact_write_items(TransactItems=writes)
            except ClientError as error:
                if not lost_race(error):
                    raise
                # The markers come first, in the order of the events.
                reasons = zip(left, refusals(error), strict=False)
                known = {event.key for event, reason in reasons if reason == "ConditionalCheckFailed"}
                left = [event for event in left if event.key not in known]
            else:
                return frozenset(event.key for event in left)
        return frozenset()

    def since(self, subject: Subject, first: date) -> MailCounts:
        """The counts of all days from *first* on; raises MalformedDocument."""
        return MailCounts(since=first, by_outcome=self._between(subject.arn, day_period(first), day_period(date.max)))

    def via(self, route: PoolRoute, *, since: datetime, until: datetime) -> MailCounts:
        """The counts of a lane's whole hours from *since* on and before *until*; raises MalformedDocument."""
        last = until - timedelta(hours=1)
        return MailCounts(
            since=since.date(), by_outcome=self._between(route.arn, hour_period(since), hour_period(last))
        )

    def _between(self, arn: str, first: str, last: str) -> dict[str, int]:
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :counted AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=values_of({":counted": counts_key(arn), ":first": first, ":last": last}),
            ConsistentRead=True,
        )
        total: Counter[str] = Counter()
        for members in (members_of(item) for page in pages for item in page["Items"]):
            for name in members.values:
                if name.startswith(OUTCOME):
                    total[name.removeprefix(OUTCOME)] += members.number(name)
        return dict(total)

    def _markers(self, events: Sequence[CountedEvent], now: datetime) -> Iterator["TransactWriteItemTypeDef"]:
        marked = {"at": sortable(now), "expires_at": expiry(now, after=KEEP_MARKERS)}
        for event in events:
            yield {
                "Put": {
                    "TableName": self.table.name,
                    "Item": item_of(f"{_SEEN}{event.key}", _MARKER, marked),
                    "ConditionExpression": "attribute_not_exists(pk)",
                },
            }

    def _additions(self, events: Sequence[CountedEvent], now: datetime) -> Iterator["TransactWriteItemTypeDef"]:
        counts: dict[CounterKey, Counter[str]] = {}
        for event in events:
            for counter_key in event.counter_keys:
                counts.setdefault(counter_key, Counter())[event.outcome] += 1
        for counter_key, numbers in counts.items():
            names = {f"#o{place}": f"{OUTCOME}{outcome}" for place, outcome in enumerate(numbers)}
            added = {f":o{place}": number for place, number in enumerate(numbers.values())}
            yield {
                "Update": {
                    "TableName": self.table.name,
                    "Key": key_of(counts_key(counter_key.arn), counter_key.period),
                    "UpdateExpression": "SET #format = :format, #expires_at = :expires_at ADD "
                    + ", ".join(f"#o{place} :o{place}" for place in range(len(numbers))),
                    "ExpressionAttributeNames": {"#format": "format", "#expires_at": "expires_at", **names},
                    "ExpressionAttributeValues": values_of(
                        {":format": FORMAT, ":expires_at": expiry(now, after=KEEP_COUNTS), **added}
                    ),
                },
            }


def counts_key(arn: str) -> str:
    """The partition of the counts of a subject or a lane."""
    return f"COUNTS#{arn}"
