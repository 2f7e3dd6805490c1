"""Reads the journal for operators: by id, and by time through the indexes of months and of resources."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from heapq import merge
from itertools import batched
from typing import TYPE_CHECKING

from mailwarden.adapters.aws.dynamodb.items import members_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.adapters.aws.dynamodb.journal_items import INTENTION, OUTCOME, UNDONE, entry_from, intention_from
from mailwarden.adapters.aws.dynamodb.table import DynamoClient, Table
from mailwarden.domain.operator.journal_question import FoundEntries
from mailwarden.domain.repair.journal import Entry, Intention

if TYPE_CHECKING:
    from mailwarden.documents.reader import Members

_BY_MONTH, _BY_RESOURCE = "by_month", "by_resource"
# Entries that one question examines; with policies of 4 KB each this is about 5 MB.
_MOST_EXAMINED = 500
_PAGE = 50
# Each entry has two items besides its intention, and one call takes a hundred.
_BATCH = 50


class DynamoJournalEntries:
    """Implements ``JournalEntries`` with GetItem and BatchGetItem of the table and Query of its indexes.

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
        return self._chosen(self._intentions(since, until), most=most, wanted=wanted)

    def latest_on(
        self,
        resources: Collection[str],
        *,
        since: datetime,
        until: datetime,
        most: int,
        wanted: Callable[[Intention], bool],
    ) -> FoundEntries:
        """The same, of the entries that wrote one of these resources."""
        of_each = (
            self._between(since, until, index=_BY_RESOURCE, key="resource", value=resource)
            for resource in sorted(set(resources))
        )
        in_order = merge(*of_each, key=lambda found: found[1].text("at"), reverse=True)
        return self._chosen(in_order, most=most, wanted=wanted)

    def _chosen(
        self, intentions: "Iterable[tuple[str, Members]]", *, most: int, wanted: Callable[[Intention], bool]
    ) -> FoundEntries:
        found: dict[str, Members] = {}
        is_complete = True
        for examined, (entry_id, members) in enumerate(intentions):
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
            yield from self._between(since, until, index=_BY_MONTH, key="month", value=month)

    def _between(
        self, since: datetime, until: datetime, *, index: str, key: str, value: str
    ) -> Iterator[tuple[str, "Members"]]:
        """The intentions with a value in the key of an index, which may have the other items of an entry, too."""
        pages = self._table.client.get_paginator("query").paginate(
            TableName=self._table.name,
            IndexName=index,
            KeyConditionExpression="#key = :value AND #at BETWEEN :since AND :until",
            ExpressionAttributeNames={"#key": key, "#at": "at"},
            ExpressionAttributeValues=values_of(
                {":value": value, ":since": sortable(since), ":until": sortable(until)}
            ),
            ScanIndexForward=False,
            PaginationConfig={"PageSize": _PAGE},
        )
        for page in pages:
            for item in page["Items"]:
                if item["sk"]["S"] == INTENTION:
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
