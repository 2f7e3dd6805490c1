"""The marks of resources for which an order waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import Item, expiry, item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race

_ORDER = "ORDER"
_REMEMBER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoWaitingOrders:
    """Implements ``WaitingOrders``: the items ``ORDERED#resource / ORDER``."""

    table: Table

    def claim(self, resource: str, *, by: str, now: datetime, until: datetime) -> bool:
        """Put the mark in place of none, or of one whose time is over."""
        members = {"by": by, "until": sortable(until), "expires_at": expiry(until, after=_REMEMBER)}
        try:
            self.table.client.put_item(
                TableName=self.table.name,
                Item=item_of(_pk(resource), _ORDER, members),
                ConditionExpression="attribute_not_exists(pk) OR #until <= :now",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=values_of({":now": sortable(now)}),
            )
        except ClientError as error:
            if lost_race(error):
                return False
            raise
        return True

    def keep(self, resource: str, *, by: str, until: datetime) -> None:
        """Move the end of the mark, if it is still that of this order."""
        try:
            self.table.client.update_item(
                TableName=self.table.name,
                Key=_key(resource),
                UpdateExpression="SET #until = :until",
                ConditionExpression="#by = :by",
                ExpressionAttributeNames={"#until": "until", "#by": "by"},
                ExpressionAttributeValues=values_of({":until": sortable(until), ":by": by}),
            )
        except ClientError as error:
            if not lost_race(error):
                raise

    def waits_until(self, resource: str) -> datetime | None:
        """Read the end of the mark; a consistent read."""
        members = self.table.read(_pk(resource), _ORDER)
        return None if members is None else members.time("until")

    def begin(self, resource: str) -> None:
        """Delete the mark."""
        self.table.client.delete_item(TableName=self.table.name, Key=_key(resource))


def _pk(resource: str) -> str:
    return f"ORDERED#{resource}"


def _key(resource: str) -> Item:
    return key_of(_pk(resource), _ORDER)
