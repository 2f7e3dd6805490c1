"""Leases: at most one process announces an incident at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import expiry, item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.refs.root_causes import RootCause, key_of_cause

# What an interrupted announcement leaves behind goes by itself.
_LEASE = timedelta(days=1)
_TELLING = "TELLING"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoIncidentLeases:
    """Implements ``IncidentLeases``: the items ``TELLING#cause / TELLING``."""

    table: Table

    def acquire(self, cause: RootCause, *, now: datetime, until: datetime) -> bool:
        """Acquire the lease, until *until* at the latest; False if another process holds it."""
        try:
            self.table.client.put_item(
                TableName=self.table.name,
                Item=item_of(
                    _lease_key(cause),
                    _TELLING,
                    {"until": sortable(until), "expires_at": expiry(until, after=_LEASE)},
                ),
                ConditionExpression="attribute_not_exists(pk) OR #until <= :now",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=values_of({":now": sortable(now)}),
            )
        except self.table.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def release(self, cause: RootCause) -> None:
        """Release the lease."""
        self.table.client.delete_item(TableName=self.table.name, Key=key_of(_lease_key(cause), _TELLING))


def _lease_key(cause: RootCause) -> str:
    return f"{_TELLING}#{key_of_cause(cause)}"
