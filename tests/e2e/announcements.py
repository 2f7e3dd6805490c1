"""What the ledger still has to announce."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from mailwarden.adapters.aws.dynamodb.items import sortable
from mailwarden.adapters.ledger.incidents.codec import DUE

# The stream announces within a second; what is due for longer waits for the minute's schedule.
_JUST = timedelta(seconds=5)


def awaiting_announcement(tables: Any, table: str) -> Sequence[object]:  # noqa: ANN401 - a client of boto3
    """Findings that no incident has taken in, and incidents whose message became due a moment ago."""

    def found(condition: str, **values: str) -> Sequence[object]:
        answer = tables.query(
            TableName=table,
            IndexName="awaiting",
            KeyConditionExpression=condition,
            ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
        )
        items: Sequence[object] = answer["Items"]
        return items

    now = datetime.now(UTC)
    due = "awaiting = :kind AND announce_after BETWEEN :since AND :now"
    return [
        *found("awaiting = :kind", kind="yes"),
        *found(due, kind=DUE, since=sortable(now - _JUST), now=sortable(now)),
    ]
