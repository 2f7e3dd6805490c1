"""Turns: what may happen once in a while for each subject."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import expiry, item_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race
from mailwarden.domain.refs.resources import Subject

_TURN = "TURN"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoTurns:
    """Implements ``Turns``: the items ``TURN#subject / TURN``."""

    table: Table

    def try_acquire(self, subject: Subject, *, now: datetime, every: timedelta) -> bool:
        """Take the one turn that a subject has in *every*; False if it was taken already."""
        until = {"until": sortable(now + every), "expires_at": expiry(now, after=every)}
        try:
            self.table.client.put_item(
                TableName=self.table.name,
                Item=item_of(f"TURN#{subject.arn}", _TURN, until),
                ConditionExpression="attribute_not_exists(pk) OR #until <= :now",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=values_of({":now": sortable(now)}),
            )
        except ClientError as error:
            if lost_race(error):
                return False
            raise
        return True
