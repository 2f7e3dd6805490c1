"""The journal in a DynamoDB table: intention and outcome of every write, each put once and never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import DynamoClient, Table, lost_race
from mailwarden.documents.reader import MalformedDocument, Members, canonical_json, json_from_text
from mailwarden.domain.findings.changes import Change, OperatorChange
from mailwarden.domain.refs.causes import cause_document, optional_cause_from
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.references import references_in
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import change_document, change_from
from mailwarden.domain.repair.journal import (
    Drifted,
    Entry,
    Intention,
    NotWritten,
    Overtaken,
    Refused,
    SideEffect,
    WriteOutcome,
    Written,
)
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import Message, argument_document

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import QueryInputPaginateTypeDef

_INTENTION = "INTENTION"
_OUTCOME = "OUTCOME"
_INDEX = "by_resource"
_WRITTEN = "written"
_SIDE_EFFECT = "side effect"
_OVERTAKEN = "overtaken"


class AlreadyWritten(ValueError):
    """The entry already exists; the journal stays unchanged."""


class ConcludedOtherwise(ValueError):
    """The entry has another outcome; the journal stays unchanged."""


class NotIntended(LookupError):
    """The outcome's entry has no intention."""


class DynamoJournal:
    """Implements ``Journal``.

    Every method may raise botocore's ClientError. Uses GetItem and PutItem of the table and Query of its index
    ``by_resource`` (which must hold ``change_digest`` and ``outcome``): no method can change or delete an entry.
    """

    def __init__(self, client: DynamoClient, table: str) -> None:
        self._table = Table(client=client, name=table)

    def intend(self, intention: Intention) -> None:
        """Put the intention, once; raises AlreadyWritten."""
        self._put_once(
            intention.entry_id,
            _INTENTION,
            {
                "at": sortable(intention.at),
                "resource": intention.change.resource,
                "findings": [{"subject": key.subject_arn, "rule": key.rule_id} for key in intention.findings],
                "pools": [pool.arn for pool in intention.pools],
                "title": argument_document(intention.title),
                # As a text, a policy stays unchanged byte for byte.
                "change": canonical_json(change_document(intention.change)),
                "change_digest": intention.change_digest,
                "cause": None if intention.cause is None else cause_document(intention.cause),
            },
        )

    def conclude(self, entry_id: str, outcome: WriteOutcome, *, at: datetime) -> None:
        """Put the outcome, once, apart from the intention; raises NotIntended, ConcludedOtherwise.

        An outcome of the same kind that is already there stays, with its time and reason.
        """
        intention = self._table.read(entry_id, _INTENTION)
        if intention is None:
            raise NotIntended(f"entry {entry_id} has no intention")
        kind, reason = _kind_and_reason(outcome)
        members = {
            "at": sortable(at),
            "resource": intention.text("resource"),
            "change_digest": intention.text("change_digest"),
            "outcome": kind,
            "reason": None if reason is None else argument_document(reason),
            **_window_members(outcome),
        }
        try:
            self._put_once(entry_id, _OUTCOME, members)
        except AlreadyWritten as error:
            known = self._table.read(entry_id, _OUTCOME)
            if known is None or known.text("outcome") != kind:
                raise ConcludedOtherwise(f"{error}, and it is not {kind!r}") from error

    def times_written(self, resource: str, change_digest: str, *, since: datetime) -> int:
        """The number of writes of the same change to the same resource since then.

        Writes with side effects count as well, and those that may have been made before another actor's. The index may
        lag by about a second.
        """
        query: QueryInputPaginateTypeDef = {
            "TableName": self._table.name,
            "IndexName": _INDEX,
            "Select": "COUNT",
            # Reserved words: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
            "KeyConditionExpression": "#resource = :resource AND #at >= :since",
            "FilterExpression": "change_digest = :digest AND outcome IN (:written, :side_effect, :overtaken)",
            "ExpressionAttributeNames": {"#resource": "resource", "#at": "at"},
            "ExpressionAttributeValues": values_of(
                {
                    ":resource": resource,
                    ":since": sortable(since),
                    ":digest": change_digest,
                    ":written": _WRITTEN,
                    ":side_effect": _SIDE_EFFECT,
                    ":overtaken": _OVERTAKEN,
                },
            ),
        }
        return sum(page["Count"] for page in self._table.client.get_paginator("query").paginate(**query))

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of an id, or None. Raises MalformedDocument."""
        members = self._table.read(entry_id, _INTENTION)
        if members is None:
            return None
        outcome = self._table.read(entry_id, _OUTCOME)
        return Entry(
            intention=_intention_from(entry_id, members),
            outcome=None if outcome is None else _outcome_from(entry_id, outcome),
            concluded_at=None if outcome is None else outcome.time("at"),
        )

    def _put_once(self, entry_id: str, part: str, members: Mapping[str, object]) -> None:
        item = item_of(entry_id, part, members)
        try:
            self._table.client.put_item(
                TableName=self._table.name,
                Item=item,
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            if lost_race(error):
                stored = self._table.client.get_item(
                    TableName=self._table.name, Key=key_of(entry_id, part), ConsistentRead=True
                )
                if stored.get("Item") == item:
                    # Our own write: its response was lost, so the SDK sent it again.
                    return
                raise AlreadyWritten(f"{part} of entry {entry_id} is there already") from error
            raise


def _kind_and_reason(outcome: WriteOutcome) -> tuple[str, Message | None]:
    match outcome:
        case Written():
            return _WRITTEN, None
        case Drifted(reason=reason):
            return "drifted", reason
        case Refused(reason=reason):
            return "refused", reason
        case SideEffect(reason=reason):
            return _SIDE_EFFECT, reason
        case NotWritten(reason=reason):
            return "not written", reason
        case Overtaken(reason=reason):
            return _OVERTAKEN, reason


def _window_members(outcome: WriteOutcome) -> Mapping[str, str]:
    if not isinstance(outcome, Written) or outcome.window is None:
        return {}
    return {"compared_at": sortable(outcome.window.compared_at), "written_at": sortable(outcome.window.written_at)}


def _window_from(members: Members) -> WriteWindow | None:
    compared_at, written_at = members.optional_time("compared_at"), members.optional_time("written_at")
    if compared_at is None or written_at is None:
        return None
    return WriteWindow(resource=members.text("resource"), compared_at=compared_at, written_at=written_at)


def _outcome_from(entry_id: str, members: Members) -> WriteOutcome:
    match members.text("outcome"):
        case "written":
            return Written(entry_id=entry_id, window=_window_from(members))
        case "drifted":
            return Drifted(reason=members.message("reason"))
        case "refused":
            return Refused(reason=members.message("reason"))
        case "side effect":
            return SideEffect(reason=members.message("reason"))
        case "not written":
            return NotWritten(reason=members.message("reason"))
        case "overtaken":
            return Overtaken(reason=members.message("reason"))
        case kind:
            raise MalformedDocument(f"{members.where}.outcome is {kind!r}, which is no outcome of this version")


def _intention_from(entry_id: str, members: Members) -> Intention:
    return Intention(
        entry_id=entry_id,
        at=members.time("at"),
        findings=_findings_from(members),
        pools=references_in(members, "pools", PoolRef) if "pools" in members.values else (),
        title=members.message("title"),
        change=_change_from(members),
        change_digest=members.text("change_digest"),
        cause=optional_cause_from(members, "cause"),
    )


def _findings_from(members: Members) -> tuple[FindingKey, ...]:
    """The findings of an entry; earlier versions stored one."""
    if "findings" not in members.values:
        return (FindingKey(subject_arn=members.text("subject"), rule_id=members.text("rule_id")),)
    return tuple(
        FindingKey(subject_arn=key.text("subject"), rule_id=key.text("rule"))
        for key in members.list_of_members("findings")
    )


def _change_from(members: Members) -> Change | OperatorChange:
    where = f"{members.where}.change"
    return change_from(Members.of(json_from_text(members.text("change"), where=where), where=where))
