"""Every incident with its members, in one partition, and where each finding is.

The incident and the members that change are written in one transaction, so the counts are exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race
from mailwarden.adapters.ledger.incidents.codec import (
    DUE,
    INCIDENT,
    incident_from,
    incident_item,
    incident_key,
    member_from,
    member_items,
    member_key,
    row_item,
    row_of,
    row_prefix,
)
from mailwarden.documents.reader import Members
from mailwarden.domain.incidents.folding import MemberChange
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.share import Member
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.references import root_cause_in
from mailwarden.domain.refs.root_causes import RootCause

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_AWAITING_INDEX = "awaiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoIncidents:
    """Implements ``Incidents``: the items ``INCIDENT#cause / INCIDENT`` and ``… / row``, and ``MEMBER#subject / rule``.

    *channels* are all that must be sent every version.
    """

    table: Table
    channels: tuple[str, ...]

    def read(self, cause: RootCause) -> Incident | None:
        """The incident of a cause, in its last generation; raises MalformedDocument."""
        members = self.table.read(incident_key(cause), INCIDENT)
        return None if members is None else incident_from(members)

    def member(self, key: FindingKey) -> Member | None:
        """The last incident that a finding was in; raises MalformedDocument."""
        members = self.table.read(*member_key(key))
        return None if members is None else member_from(members)

    def store(self, incident: Incident, changes: Sequence[MemberChange] = (), *, left: Incident | None = None) -> bool:
        """Keep an incident, of the revision after the stored one, and its changes; False if another was faster."""
        put = self._put(incident)
        try:
            if changes or left is not None:
                writes = [write for change in changes for write in self._writes(change)]
                others = [] if left is None else [self._put(left)]
                self.table.client.transact_write_items(TransactItems=[put, *others, *writes])
            else:
                self.table.client.put_item(**put["Put"])
        except ClientError as error:
            if lost_race(error):
                return False
            raise
        return True

    def members(self, incident: Incident, *, is_open: bool, most: int) -> tuple[Member, ...]:
        """The first *most* findings of the incident's generation that are open, or over: the worst first."""
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :incident AND begins_with(sk, :rows)",
            ExpressionAttributeValues=values_of(
                {":incident": incident_key(incident.cause), ":rows": row_prefix(incident.generation, is_open=is_open)}
            ),
            ConsistentRead=True,
            Limit=most,
        )
        return tuple(self.table.readable(answer["Items"], member_from))

    def due(self, *, now: datetime) -> Iterator[RootCause]:
        """The incidents about which something may have to be said now, those waiting longest first."""
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            IndexName=_AWAITING_INDEX,
            KeyConditionExpression="awaiting = :due AND announce_after <= :now",
            ExpressionAttributeValues=values_of({":due": DUE, ":now": sortable(now)}),
        )
        yield from self.table.readable((item for page in pages for item in page["Items"]), _cause_of)

    def mark_announced(self, cause: RootCause, *, channel: str, version: int) -> None:
        """Raise the version that *channel* was sent. Raises Contended."""
        for _ in self.table.attempts(incident_key(cause)):
            incident = self.read(cause)
            if incident is None or incident.announced.get(channel, 0) >= version:
                return
            announced = {**incident.announced, channel: version}
            if self.store(replace(incident, announced=announced, revision=incident.revision + 1)):
                return

    def _put(self, incident: Incident) -> "TransactWriteItemTypeDef":
        return {
            "Put": {
                "TableName": self.table.name,
                "Item": incident_item(incident, channels=self.channels),
                "ConditionExpression": "attribute_not_exists(pk) OR revision = :before",
                "ExpressionAttributeValues": values_of({":before": incident.revision - 1}),
            }
        }

    def _writes(self, change: MemberChange) -> "list[TransactWriteItemTypeDef]":
        table, before = self.table.name, change.before
        writes: list[TransactWriteItemTypeDef] = [
            {"Put": {"TableName": table, "Item": item}} for item in member_items(change.after)
        ]
        if change.left is not None:
            writes.append({"Put": {"TableName": table, "Item": row_item(change.left)}})
        if before is not None and _leaves_no_row(before, change.after):
            writes.append({"Delete": {"TableName": table, "Key": key_of(*_place(before))}})
        if change.returned is not None:
            writes.append({"Delete": {"TableName": table, "Key": key_of(*_place(change.returned))}})
        return writes


def _leaves_no_row(before: Member, after: Member) -> bool:
    """A row of a generation that is over stays: its end may not have been sent to every channel."""
    is_history = not before.share.is_open and (before.cause, before.generation) != (after.cause, after.generation)
    return not is_history and _place(before) != _place(after)


def _place(member: Member) -> tuple[str, str]:
    return incident_key(member.cause), row_of(member)


def _cause_of(members: Members) -> RootCause:
    return root_cause_in(members, "cause")
