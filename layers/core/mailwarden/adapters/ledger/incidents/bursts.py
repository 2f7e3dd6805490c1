"""How many findings the same calls opened a moment ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import expiry, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.refs.root_causes import SameCalls, key_of_cause

# A deployment of many pools takes minutes, and works on them one after the other.
_WINDOW = timedelta(minutes=10)
_BURST = "BURST"
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoBursts:
    """Implements ``Bursts``: the items ``BURST#calls / start of the window``."""

    table: Table

    def join(self, calls: SameCalls, *, at: datetime) -> int:
        """Count one more finding; how many there were in this window of ten minutes and in the last one.

        Whoever dies after it counts one finding twice, which groups one pool too early.
        """
        window = int(at.timestamp()) // int(_WINDOW.total_seconds())
        return self._count(calls, window, at=at, more=1) + self._count(calls, window - 1, at=at, more=0)

    def _count(self, calls: SameCalls, window: int, *, at: datetime, more: int) -> int:
        key = key_of(f"{_BURST}#{key_of_cause(calls)}", str(window))
        if not more:
            item = self.table.client.get_item(TableName=self.table.name, Key=key).get("Item", {})
            return int(item.get("findings", {}).get("N", "0"))
        answer = self.table.client.update_item(
            TableName=self.table.name,
            Key=key,
            UpdateExpression="SET last_at = :at, expires_at = :expires, #format = :format ADD findings :more",
            ExpressionAttributeNames={"#format": "format"},
            ExpressionAttributeValues=values_of(
                {":at": sortable(at), ":expires": expiry(at, after=_KEPT), ":more": more, ":format": 1}
            ),
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["findings"]["N"])
