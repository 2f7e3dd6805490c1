"""That a record of UpdateUserPool showed EmailConfiguration, by region: one item each, which stays."""

from dataclasses import dataclass, field

from mailwarden.adapters.aws.dynamodb.items import item_of, sortable
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.refs.causes import Cause

_SHOWN = "EMAIL#SHOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoEmailRecords:
    """Implements ``EmailRecords``: the items ``RECORDS#region / EMAIL#SHOWN``.

    What was read or written once is not asked for again by the same process.
    """

    table: Table
    known: set[str] = field(default_factory=set)

    def are_shown(self, region: str) -> bool:
        """Whether a record of the region ever showed it."""
        if region not in self.known and self.table.read(_key(region), _SHOWN) is not None:
            self.known.add(region)
        return region in self.known

    def remember(self, call: Cause) -> None:
        """Note a call whose record showed it; the first one stays."""
        if call.region in self.known:
            return
        item = item_of(_key(call.region), _SHOWN, {"event_id": call.event_id, "at": sortable(call.at)})
        self.table.put(item, replaces=None)
        self.known.add(call.region)


def _key(region: str) -> str:
    return f"RECORDS#{region}"
