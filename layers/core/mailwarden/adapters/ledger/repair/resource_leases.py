"""Leases of resources, each with the mark of the journal entry that is open for the resource."""

from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import FORMAT, Item, key_of, members_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race
from mailwarden.ports.repair.resource_leases import ResourceLease

_LEASE = "LEASE"
_NAMES = {"#holder": "holder", "#entry": "open_entry"}


class LeaseLost(RuntimeError):
    """The lease ended or another entry is open: nothing may be written. A later retry may succeed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoResourceLeases:
    """Implements ``ResourceLeases``: the items ``LEASE#resource / LEASE``, which expire by no rule of the table.

    A process that is killed leaves one behind, for the next one that writes the resource.
    """

    table: Table

    def acquire(self, resource: str, *, holder: str, now: datetime, until: datetime) -> ResourceLease | None:
        """Acquire the lease, until *until* at the latest; None if another process holds it."""
        try:
            answer = self.table.client.update_item(
                TableName=self.table.name,
                Key=_key(resource),
                UpdateExpression="SET #holder = :holder, #until = :until, #format = :format",
                ConditionExpression="attribute_not_exists(#until) OR #until <= :now OR #holder = :holder",
                ExpressionAttributeNames={"#holder": "holder", "#until": "until", "#format": "format"},
                ExpressionAttributeValues=values_of(
                    {
                        ":holder": holder,
                        ":until": sortable(until),
                        ":now": sortable(now),
                        ":format": FORMAT,
                    }
                ),
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if lost_race(error):
                return None
            raise
        kept = members_of(answer["Attributes"])
        return ResourceLease(resource=resource, holder=holder, open_entry=kept.optional_text("open_entry"))

    def mark(self, lease: ResourceLease) -> None:
        """Mark the entry of the holder as open; raises LeaseLost."""
        try:
            self.table.client.update_item(
                TableName=self.table.name,
                Key=_key(lease.resource),
                UpdateExpression="SET #entry = :holder",
                # The second form is our own call, whose answer was lost and which the SDK sent again.
                ConditionExpression="#holder = :holder AND (attribute_not_exists(#entry) OR #entry = :holder)",
                ExpressionAttributeNames=_NAMES,
                ExpressionAttributeValues=values_of({":holder": lease.holder}),
            )
        except ClientError as error:
            if lost_race(error):
                raise LeaseLost(f"lease {lease.resource}") from error
            raise

    def clear(self, lease: ResourceLease, entry_id: str) -> None:
        """Remove the mark of an entry; nothing happens if it is not there any more."""
        try:
            self.table.client.update_item(
                TableName=self.table.name,
                Key=_key(lease.resource),
                UpdateExpression="REMOVE #entry",
                ConditionExpression="#entry = :entry",
                ExpressionAttributeNames={"#entry": "open_entry"},
                ExpressionAttributeValues=values_of({":entry": entry_id}),
            )
        except ClientError as error:
            if not lost_race(error):
                raise

    def release(self, lease: ResourceLease) -> None:
        """Release the lease; the mark of an open entry stays. Nothing happens if another process holds the lease."""
        holder = values_of({":holder": lease.holder})
        try:
            self.table.client.delete_item(
                TableName=self.table.name,
                Key=_key(lease.resource),
                ConditionExpression="#holder = :holder AND attribute_not_exists(#entry)",
                ExpressionAttributeNames=_NAMES,
                ExpressionAttributeValues=holder,
            )
        except ClientError as error:
            if not lost_race(error):
                raise
            self._end(lease, holder)

    def _end(self, lease: ResourceLease, holder: Item) -> None:
        try:
            self.table.client.update_item(
                TableName=self.table.name,
                Key=_key(lease.resource),
                UpdateExpression="REMOVE #holder, #until",
                ConditionExpression="#holder = :holder",
                ExpressionAttributeNames={"#holder": "holder", "#until": "until"},
                ExpressionAttributeValues=holder,
            )
        except ClientError as error:
            if not lost_race(error):
                raise


def _key(resource: str) -> Item:
    return key_of(f"LEASE#{resource}", _LEASE)
