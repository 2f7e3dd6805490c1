"""Sends the reports that are due: once in each period, and again the next day where that failed."""

from collections.abc import Callable
from dataclasses import dataclass

from mailwarden.domain.operator.reports.period import ReportKind, first_day_of_last_month, period_of
from mailwarden.domain.operator.reports.weekly_summary import WeeklySummary, weekly_summary
from mailwarden.domain.operator.shadow_report import ShadowReport
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.ports.clock import Clock
from mailwarden.ports.operator.report_topic import ReportTopic, SentReports
from mailwarden.service.operator.shadow_report import ShadowReporter


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSender:
    """Compares the last period of each report with the current one; the first one of a deployment is not reported."""

    reporter: ShadowReporter
    sent: SentReports
    topic: ReportTopic
    clock: Clock

    def send_due(self) -> tuple[ReportKind, ...]:
        """The reports that were sent. Raises an ExceptionGroup of those that failed, after every one was tried.

        A report is sent first and marked after: a crash in between repeats it.
        """
        done, failed = [], []
        makers: dict[ReportKind, Callable[[], WeeklySummary | ShadowReport | None]] = {
            ReportKind.WEEKLY: lambda: weekly_summary(self.reporter.pools.current()),
            ReportKind.SHADOW: self._shadow,
        }
        for kind, make in makers.items():
            period = period_of(kind, self.clock.now())
            last = self.sent.last_period(kind)
            if last == period:
                continue
            try:
                report = None if last is None else make()
                if report is not None:
                    self.topic.send(report)
                    done.append(kind)
                self.sent.mark_sent(kind, period=period)
            except Exception as error:  # noqa: BLE001 - raised below, when the other report has been tried
                failed.append(error)
        if failed:
            raise ExceptionGroup("reports", failed)
        return tuple(done)

    def _shadow(self) -> ShadowReport | None:
        """The last month's, unless repairs are on and none was held back."""
        report = self.reporter.report(first_day_of_last_month(self.clock.now()))
        return report if report.cases or report.repair_mode is RepairMode.OFF else None
