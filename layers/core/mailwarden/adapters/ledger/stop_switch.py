"""The emergency stop in the ledger. The event source mapping is the other half; a deployment may enable that again."""

from dataclasses import dataclass
from datetime import datetime

from mailwarden.adapters.aws.dynamodb.items import item_of, sortable
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.repair.limits import Stop

_STOP = "STOP"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoStopSwitch:
    """Implements ``StopSwitch``: the item ``STOP / STOP``. It does not expire."""

    table: Table

    def current(self) -> Stop | None:
        """The stop in effect, read consistently; raises MalformedDocument."""
        members = self.table.read(_STOP, _STOP)
        if members is None or not members.truth("stopped"):
            return None
        return Stop(by=members.text("by"), since=members.time("since"))

    def stop(self, *, by: str, now: datetime) -> None:
        """Stop repairs; a second stop changes nothing."""
        if self.current() is None:
            self._put(stopped=True, by=by, since=sortable(now))

    def start(self) -> None:
        """Let repairs run again."""
        self._put(stopped=False, by=None, since=None)

    def _put(self, *, stopped: bool, by: str | None, since: str | None) -> None:
        item = item_of(_STOP, _STOP, {"stopped": stopped, "by": by, "since": since})
        self.table.client.put_item(TableName=self.table.name, Item=item)
