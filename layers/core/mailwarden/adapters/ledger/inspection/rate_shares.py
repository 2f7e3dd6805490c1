"""Our share of AWS's request rates: the next free place of each schedule, moved by one atomic update."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import expiry, key_of, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race

_NEXT = "NEXT"
_MICROSECONDS = timedelta(microseconds=1)
_FORGET = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoRateShares:
    """Implements ``RateShares``: the items ``RATE#schedule / NEXT``; times are microseconds since 1970.

    What this process took last only decides which of two conditions is tried first: which holds, the table knows.
    """

    table: Table
    _ends: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def reserve(self, schedule: str, *, places: int, every: timedelta, now: datetime) -> datetime:
        """Take the next places; a schedule whose last place is over begins again at *now*. Raises Contended."""
        span, current = places * every // _MICROSECONDS, round(now.timestamp() * 1_000_000)
        for _ in self.table.attempts(f"schedule {schedule}"):
            # Either the places of others come first, or the schedule is idle: one of the two conditions holds.
            ways = (
                ("#next > :now", "#next + :span", None),
                ("attribute_not_exists(pk) OR #next <= :now", ":end", current + span),
            )
            for condition, update, then in ways if self._ends.get(schedule, 0) > current else reversed(ways):
                values = {":now": current, ":expires_at": expiry(now, after=_FORGET), ":format": 1}
                values[":span" if then is None else ":end"] = span if then is None else then
                try:
                    answer = self.table.client.update_item(
                        TableName=self.table.name,
                        Key=key_of(f"RATE#{schedule}", _NEXT),
                        UpdateExpression=f"SET #next = {update}, expires_at = :expires_at, #format = :format",
                        ConditionExpression=condition,
                        ExpressionAttributeNames={"#next": "next", "#format": "format"},
                        ExpressionAttributeValues=values_of(values),
                        ReturnValues="UPDATED_NEW",
                    )
                except ClientError as error:
                    if not lost_race(error):
                        raise
                    continue
                self._ends[schedule] = end = int(answer["Attributes"]["next"]["N"])
                return now + (end - span - current) * _MICROSECONDS
        raise AssertionError("attempts() ends with Contended")
