"""Who tells people of a finding at the moment: one at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import expiry, item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.findings.record import FindingKey

# What an interrupted announcement leaves behind goes by itself.
_LEASE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementLease:
    """The items ``TELLING#subject / rule``."""

    table: Table

    def begin(self, key: FindingKey, *, now: datetime, until: datetime) -> bool:
        """Be the only one who tells people of a finding, until *until* at the latest; False if somebody else is."""
        try:
            self.table.client.put_item(
                TableName=self.table.name,
                Item=item_of(
                    _telling_key(key),
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

    def end(self, key: FindingKey) -> None:
        """Let others tell again."""
        self.table.client.delete_item(TableName=self.table.name, Key=key_of(_telling_key(key), key.rule_id))


def _telling_key(key: FindingKey) -> str:
    return f"TELLING#{key.subject_arn}"
