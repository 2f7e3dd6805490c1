"""The last period for which each report was sent."""

from dataclasses import dataclass

from mailwarden.adapters.aws.dynamodb.items import item_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.operator.reports.period import ReportKind

_KEY, _LAST = "REPORT", "LAST"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoSentReports:
    """Implements ``SentReports``: the items ``REPORT#weekly-summary / LAST``."""

    table: Table

    def last_period(self, kind: ReportKind) -> str | None:
        """The period; None if none was ever sent."""
        members = self.table.read(f"{_KEY}#{kind.value}", _LAST)
        return None if members is None else members.text("period")

    def mark_sent(self, kind: ReportKind, *, period: str) -> None:
        """Remember the period of a report that was sent."""
        item = item_of(f"{_KEY}#{kind.value}", _LAST, {"period": period})
        self.table.client.put_item(TableName=self.table.name, Item=item)
