"""Counts of mail that did not arrive as it should: by pool, identity and configuration set, outcome and UTC day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from mailwarden.adapters.dynamo_items import members_of, values_of
from mailwarden.adapters.dynamo_table import Table
from mailwarden.domain.feedback import MailCounts
from mailwarden.domain.subjects import Subject

# Each outcome is an attribute of its own, so that it can be added to without being read.
OUTCOME = "n:"
_DAY = "DAY#"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedMail:
    """The items ``COUNTS#subject / DAY#2026-03-02``."""

    table: Table

    def since(self, subject: Subject, first: date) -> MailCounts:
        """The counts of all days from *first* on; raises MalformedDocument."""
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :subject AND sk >= :first",
            ExpressionAttributeValues=values_of({":subject": counts_key(subject), ":first": day_key(first)}),
            ConsistentRead=True,
        )
        total: Counter[str] = Counter()
        for members in (members_of(item) for page in pages for item in page["Items"]):
            for name in members.values:
                if name.startswith(OUTCOME):
                    total[name.removeprefix(OUTCOME)] += members.number(name)
        return MailCounts(since=first, by_outcome=dict(total))


def counts_key(subject: Subject) -> str:
    """The partition of a subject's counts."""
    return f"COUNTS#{subject.arn}"


def day_key(day: date) -> str:
    """The item of one UTC day; the keys sort as the days do."""
    return f"{_DAY}{day.isoformat()}"
