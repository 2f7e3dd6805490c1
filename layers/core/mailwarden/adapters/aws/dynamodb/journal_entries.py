"""Reads the journal for operators: by id, and by time through an index that holds the intentions of each month."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING

from mailwarden.adapters.aws.dynamodb.items import members_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.adapters.aws.dynamodb.journal_items import OUTCOME, UNDONE, entry_from, intention_from
from mailwarden.adapters.aws.dynamodb.table import DynamoClient, Table
from mailwarden.domain.operator.journal_question import FoundEntries
from mailwarden.domain.repair.journal import Entry, Intention

if TYPE_CHECKING:
    from mailwarden.documents.reader import Members

_INDEX = "by_month"
# Entries that one question examines; with policies of 4 KB each this is about 5 MB.
_MOST_EXAMINED = 500
_PAGE = 50
# Each entry has two items besides its intention, and one call takes a hundred.
_BATCH = 50


class DynamoJournalEntries:
    """Implements ``JournalEntries`` with GetItem and BatchGetItem of the table and Query of its index ``by_month``.

    Every method may raise botocore's ClientError, MalformedDocument, and Contended.
    """

    def __init__(self, client: DynamoClient, table: str) -> None:
        self._table = Table(client=client, name=table)
        self._journal = DynamoJournal(client, table)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of an id; None if there is none."""
        return self._journal.entry(entry_id)

    def latest(
        self, *, since: datetime, until: datetime, most: int, wanted: Callable[[Intention], bool]
    ) -> FoundEntries:
        """At most *most* of the wanted entries between two times, the latest first."""
        found: dict[str, Members] = {}
        is_complete = True
        for examined, (entry_id, members) in enumerate(self._intentions(since, until)):
            if examined == _MOST_EXAMINED:
                is_complete = False
                break
            if wanted(intention_from(entry_id, members)):
                if len(found) == most:
                    is_complete = False
                    break
                found[entry_id] = members
        return FoundEntries(entries=tuple(self._entries(found)), is_complete=is_complete)

    def _intentions(self, since: datetime, until: datetime) -> Iterator[tuple[str, "Members"]]:
        for month in _months(since, until):
            pages = self._table.client.get_paginator("query").paginate(
                TableName=self._table.name,
                IndexName=_INDEX,
                KeyConditionExpression="#month = :month AND #at BETWEEN :since AND :until",
                ExpressionAttributeNames={"#month": "month", "#at": "at"},
                ExpressionAttributeValues=values_of(
                    {":month": month, ":since": sortable(since), ":until": sortable(until)}
                ),
                ScanIndexForward=False,
                PaginationConfig={"PageSize": _PAGE},
            )
            for page in pages:
                for item in page["Items"]:
                    yield str(item["pk"]["S"]), members_of(item)

    def _entries(self, found: dict[str, "Members"]) -> Iterator[Entry]:
        for ids in batched(found, _BATCH, strict=False):
            parts = self._parts(ids)
            for entry_id in ids:
                yield entry_from(
                    entry_id,
                    found[entry_id],
                    outcome=parts.get((entry_id, OUTCOME)),
                    undo=parts.get((entry_id, UNDONE)),
                )

    def _parts(self, ids: tuple[str, ...]) -> dict[tuple[str, str], "Members"]:
        keys = [(entry_id, part) for entry_id in ids for part in (OUTCOME, UNDONE)]
        items = self._table.read_many(keys, consistently=True)
        return {(str(item["pk"]["S"]), str(item["sk"]["S"])): members_of(item) for item in items}


def _months(since: datetime, until: datetime) -> Iterator[str]:
    """The months that two times span, the latest first."""
    first, month = sortable(since)[:7], sortable(until)[:7]
    while month >= first:
        yield month
        year, number = int(month[:4]), int(month[5:])
        month = f"{year:04}-{number - 1:02}" if number > 1 else f"{year - 1:04}-12"
