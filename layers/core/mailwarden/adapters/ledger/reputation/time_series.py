"""Figures of SES accounts and configuration sets, one item for each quarter of an hour that has any."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING

from mailwarden.adapters.aws.dynamodb.items import Item, expiry, item_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.reputation.feedback import figures_from, figures_members
from mailwarden.documents.reader import Members
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.time_series import Slot

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import WriteRequestOutputTypeDef, WriteRequestUnionTypeDef

# DynamoDB API reference, BatchWriteItem.
_MOST_AT_ONCE = 25
_KEEP = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoTimeSeries:
    """Implements ``TimeSeries``: the items ``SERIES#subject / 2026-03-02T12:00:00.000000+00:00``."""

    table: Table

    def since(self, subject: SesAccountRef | ConfigurationSetRef, first: datetime) -> tuple[Slot, ...]:
        """The slots that begin at *first* or later, in order.

        What was written moments ago need not be among them, and what is garbled is not: both are read again from
        CloudWatch.
        """
        return tuple(self._since(subject, first))

    def put(self, subject: SesAccountRef | ConfigurationSetRef, slots: Sequence[Slot]) -> None:
        """Keep slots, in place of those of the same time. Raises Contended if the table does not take them."""
        for some in batched(slots, _MOST_AT_ONCE, strict=False):
            waiting: Sequence[WriteRequestUnionTypeDef | WriteRequestOutputTypeDef] = [
                {"PutRequest": {"Item": _item(subject, slot)}} for slot in some
            ]
            for _ in self.table.attempts(f"series {subject.arn}"):
                answer = self.table.client.batch_write_item(RequestItems={self.table.name: waiting})
                waiting = answer.get("UnprocessedItems", {}).get(self.table.name, [])
                if not waiting:
                    break

    def _since(self, subject: SesAccountRef | ConfigurationSetRef, first: datetime) -> Iterator[Slot]:
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :subject AND sk >= :first",
            ExpressionAttributeValues=values_of({":subject": _series_key(subject), ":first": sortable(first)}),
        )
        yield from self.table.readable((item for page in pages for item in page["Items"]), _slot_from)


def _item(subject: SesAccountRef | ConfigurationSetRef, slot: Slot) -> Item:
    return item_of(
        _series_key(subject),
        sortable(slot.at),
        {"figures": figures_members(slot.figures), "expires_at": expiry(slot.at, after=_KEEP)},
    )


def _slot_from(members: Members) -> Slot:
    return Slot(at=members.time("sk"), figures=figures_from(members.members("figures")))


def _series_key(subject: SesAccountRef | ConfigurationSetRef) -> str:
    return f"SERIES#{subject.arn}"
