"""How many findings that the same calls opened a moment ago are open."""

from dataclasses import dataclass
from datetime import timedelta

from mailwarden.adapters.aws.dynamodb.items import FORMAT, Item, expiry, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.incidents.share import Burst
from mailwarden.domain.refs.root_causes import key_of_cause

# A deployment of many pools takes minutes, and works on them one after the other.
_WINDOW = timedelta(minutes=10)
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoBursts:
    """Implements ``Bursts``: the items ``BURST#calls / number of the window``, one for each ten minutes.

    A function that dies in between leaves a finding counted until its window is over.
    """

    table: Table

    def join(self, burst: Burst) -> int:
        """Count one more finding; how many of this window and the last one are open, with this one."""
        answer = self.table.client.get_item(TableName=self.table.name, Key=_key(burst, earlier=1), ConsistentRead=True)
        last = int(answer.get("Item", {}).get("findings", {}).get("N", "0"))
        return self._add(burst, 1) + max(last, 0)

    def leave(self, burst: Burst) -> None:
        """Count one finding less in the window in which it was counted."""
        self._add(burst, -1)

    def _add(self, burst: Burst, more: int) -> int:
        answer = self.table.client.update_item(
            TableName=self.table.name,
            Key=_key(burst),
            UpdateExpression="SET joined_at = :at, expires_at = :expires, #format = :format ADD findings :more",
            ExpressionAttributeNames={"#format": "format"},
            ExpressionAttributeValues=values_of(
                {
                    ":at": sortable(burst.since),
                    ":expires": expiry(burst.since, after=_KEPT),
                    ":more": more,
                    ":format": FORMAT,
                }
            ),
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["findings"]["N"])


def _key(burst: Burst, *, earlier: int = 0) -> Item:
    window = int(burst.since.timestamp()) // int(_WINDOW.total_seconds()) - earlier
    return key_of(f"BURST#{key_of_cause(burst.calls)}", str(window))
