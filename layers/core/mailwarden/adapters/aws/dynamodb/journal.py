"""The journal in a DynamoDB table: intention and outcome of every write, each put once and never changed."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from mailwarden.adapters.aws.dynamodb.items import item_of, key_of, members_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.journal_items import (
    INTENTION,
    OUTCOME,
    UNDONE,
    entry_from,
    intention_members,
    kind_and_reason,
    window_members,
)
from mailwarden.adapters.aws.dynamodb.table import DynamoClient, Table
from mailwarden.documents.reader import Members
from mailwarden.domain.findings.finding import LONGEST_SENTENCE
from mailwarden.domain.repair.journal import Entry, Intention, WriteOutcome, Written
from mailwarden.message import ExplainedError, argument_document, clipped_message, message

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import QueryInputPaginateTypeDef

_INDEX = "by_resource"


class AlreadyWritten(ExplainedError, ValueError):
    """The entry already exists; the journal stays unchanged."""


class ConcludedOtherwise(ExplainedError, ValueError):
    """The entry has another outcome; the journal stays unchanged."""


class NotIntended(ExplainedError, LookupError):
    """The outcome's entry has no intention."""


class DynamoJournal:
    """Implements ``Journal``.

    Every method may raise botocore's ClientError. Uses GetItem and PutItem of the table, and ``entries_on`` uses Query
    of its index ``by_resource``: no method can change or delete an entry.
    """

    def __init__(self, client: DynamoClient, table: str) -> None:
        self._table = Table(client=client, name=table)

    def intend(self, intention: Intention) -> None:
        """Put the intention, once; raises AlreadyWritten."""
        self._put_once(
            intention.entry_id,
            INTENTION,
            intention_members(intention),
        )

    def conclude(self, entry_id: str, outcome: WriteOutcome, *, at: datetime) -> None:
        """Put the outcome, once, apart from the intention; raises NotIntended, ConcludedOtherwise.

        An undo that was written is noted at the entry that it undid, also when it is concluded again.
        An outcome of the same kind that is already there stays, with its time and reason.
        """
        intention = self._table.read(entry_id, INTENTION)
        if intention is None:
            raise NotIntended(message("journal.no-intention", entry_id=entry_id))
        kind, reason = kind_and_reason(outcome)
        members = {
            "at": sortable(at),
            "resource": intention.text("resource"),
            "change_digest": intention.text("change_digest"),
            "outcome": kind,
            "reason": None if reason is None else argument_document(clipped_message(reason, LONGEST_SENTENCE)),
            **window_members(outcome),
        }
        try:
            self._put_once(entry_id, OUTCOME, members)
        except AlreadyWritten as error:
            known = self._table.read(entry_id, OUTCOME)
            if known is None or known.text("outcome") != kind:
                raise ConcludedOtherwise(
                    message("journal.concluded-otherwise", entry_id=entry_id, kind=kind)
                ) from error
        if isinstance(outcome, Written) and (undone := intention.optional_text("undoes")) is not None:
            self._note_undo(undone, by=entry_id, resource=intention.text("resource"), at=at)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of an id, or None. Raises MalformedDocument."""
        members = self._table.read(entry_id, INTENTION)
        if members is None:
            return None
        return entry_from(
            entry_id, members, outcome=self._table.read(entry_id, OUTCOME), undo=self._table.read(entry_id, UNDONE)
        )

    def entries_on(self, resource: str, *, since: datetime) -> tuple[Entry, ...]:
        """The entries of a resource since then, the oldest first, in one query. The index may lag by about a second.

        An outcome that the index does not show is read from the table: it shows whether the write took effect.
        """
        query: QueryInputPaginateTypeDef = {
            "TableName": self._table.name,
            "IndexName": _INDEX,
            "KeyConditionExpression": "#resource = :resource AND #at >= :since",
            "ExpressionAttributeNames": {"#resource": "resource", "#at": "at"},
            "ExpressionAttributeValues": values_of({":resource": resource, ":since": sortable(since)}),
        }
        pages = self._table.client.get_paginator("query").paginate(**query)
        found: dict[str, dict[str, Members]] = {}
        for item in (item for page in pages for item in page["Items"]):
            found.setdefault(item["pk"]["S"], {})[item["sk"]["S"]] = members_of(item)
        return tuple(self._entry(entry_id, parts) for entry_id, parts in found.items() if INTENTION in parts)

    def _entry(self, entry_id: str, parts: Mapping[str, Members]) -> Entry:
        outcome = parts.get(OUTCOME) or self._table.read(entry_id, OUTCOME)
        return entry_from(entry_id, parts[INTENTION], outcome=outcome, undo=parts.get(UNDONE))

    def _note_undo(self, entry_id: str, *, by: str, resource: str, at: datetime) -> None:
        """Note at an entry what undid it, once: two undos of one entry cannot both be written."""
        with suppress(AlreadyWritten):
            self._put_once(entry_id, UNDONE, {"by": by, "at": sortable(at), "resource": resource})

    def _put_once(self, entry_id: str, part: str, members: Mapping[str, object]) -> None:
        item = item_of(entry_id, part, members)
        if self._table.put(item, replaces=None):
            return
        stored = self._table.client.get_item(
            TableName=self._table.name, Key=key_of(entry_id, part), ConsistentRead=True
        )
        # Our own write: its response was lost, so the SDK sent it again.
        if stored.get("Item") != item:
            raise AlreadyWritten(message("journal.already-there", part=part, entry_id=entry_id))
