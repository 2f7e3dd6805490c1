"""Leases: at most one process announces a finding at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import expiry, item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.refs.finding_key import FindingKey

# What an interrupted announcement leaves behind goes by itself.
_LEASE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoAnnouncementLeases:
    """Implements ``AnnouncementLeases``: the items ``TELLING#subject / rule``."""

    table: Table

    def acquire(self, key: FindingKey, *, now: datetime, until: datetime) -> bool:
        """Acquire the lease, until *until* at the latest; False if another process holds it."""
        try:
            self.table.client.put_item(
                TableName=self.table.name,
                Item=item_of(
                    _lease_key(key),
                    key.rule_id,
                    {"until": sortable(until), "expires_at": expiry(until, after=_LEASE)},
                ),
                ConditionExpression="attribute_not_exists(pk) OR #until <= :now",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=values_of({":now": sortable(now)}),
            )
        except self.table.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def release(self, key: FindingKey) -> None:
        """Release the lease."""
        self.table.client.delete_item(TableName=self.table.name, Key=key_of(_lease_key(key), key.rule_id))


def _lease_key(key: FindingKey) -> str:
    return f"TELLING#{key.subject_arn}"
