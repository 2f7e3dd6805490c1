"""Where reports are sent, and which were."""

from typing import Protocol

from mailwarden.domain.operator.reports.period import ReportKind
from mailwarden.domain.operator.reports.weekly_summary import WeeklySummary
from mailwarden.domain.operator.shadow_report import ShadowReport


class ReportTopic(Protocol):
    """Sends reports to whoever reads alerts."""

    def send(self, report: WeeklySummary | ShadowReport) -> None:
        """Send a report; raises whatever kept it from being sent."""
        ...


class SentReports(Protocol):
    """Remembers the last period for which a report was sent."""

    def last_period(self, kind: ReportKind) -> str | None:
        """The period; None if none was ever sent."""
        ...

    def mark_sent(self, kind: ReportKind, *, period: str) -> None:
        """Remember the period of a report that was sent."""
        ...
