"""Mailwarden's own metrics: at most ten, because each costs money while it is sent.

A metric is its name and its dimensions; ours have one dimension, ``service``, with one value. Metrics that AWS
publishes for queues, functions and SES are read there and not sent again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.repair.write_window import WriteWindow


class OwnMetric(StrEnum):
    """The names that the dashboard and the alarms use."""

    SWEEP_AGE = "SweepAge"
    """Seconds since the longest unswept region was swept, from ``sweep`` each minute."""
    REPUTATION_AGE = "ReputationAge"
    """Seconds since the rates of the longest unread region were read, from ``reputation`` each time."""
    REPAIRS = "Repairs"
    """One for each concluded write, from ``repair``."""
    EVENT_TO_REPAIR = "EventToRepair"
    """Milliseconds from the event that reported a breakage to the concluded write, from ``repair``."""
    COMPARE_TO_WRITE = "CompareToWrite"
    """Milliseconds in which another write would have gone unnoticed, from ``repair``."""
    OUTDATED_SDK = "OutdatedSdk"
    """Watched regions with pools whose members the deployed SDK does not know, from ``sweep`` each minute."""
    FINDINGS_CRITICAL = "FindingsCritical"
    """Open findings of a severity, from ``sweep`` each minute; so the three below."""
    FINDINGS_HIGH = "FindingsHigh"
    FINDINGS_MEDIUM = "FindingsMedium"
    FINDINGS_LOW = "FindingsLow"


FINDINGS = {
    Severity.CRITICAL: OwnMetric.FINDINGS_CRITICAL,
    Severity.HIGH: OwnMetric.FINDINGS_HIGH,
    Severity.MEDIUM: OwnMetric.FINDINGS_MEDIUM,
    Severity.LOW: OwnMetric.FINDINGS_LOW,
}


@dataclass(frozen=True, slots=True)
class EmfMetrics:
    """Implements ``RepairCounter``, and emits what other functions measure: one line of the log for each metric.

    Powertools' SingleMetric discards every further metric of a line.
    """

    def repaired(self, *, took: timedelta | None) -> None:
        """Emit a concluded write and, if an event reported the breakage, the time since that event."""
        _emit(OwnMetric.REPAIRS, MetricUnit.Count, 1)
        if took is not None:
            _emit(OwnMetric.EVENT_TO_REPAIR, MetricUnit.Milliseconds, took.total_seconds() * 1000)

    def written_within(self, window: WriteWindow) -> None:
        """Emit the length of the window in which another write would have gone unnoticed."""
        _emit(OwnMetric.COMPARE_TO_WRITE, MetricUnit.Milliseconds, window.milliseconds)

    def reputation_age(self, seconds: float) -> None:
        """Emit the age of the oldest rates."""
        _emit(OwnMetric.REPUTATION_AGE, MetricUnit.Seconds, seconds)

    def sweep_age(self, seconds: float) -> None:
        """Emit the age of the oldest sweep."""
        _emit(OwnMetric.SWEEP_AGE, MetricUnit.Seconds, seconds)

    def outdated_sdk(self, regions: int) -> None:
        """Emit the number of regions with pools that the deployed SDK does not know whole."""
        _emit(OwnMetric.OUTDATED_SDK, MetricUnit.Count, regions)

    def open_findings(self, by_severity: Mapping[Severity, int]) -> None:
        """Emit the number of open findings of each severity."""
        for severity, number in by_severity.items():
            _emit(FINDINGS[severity], MetricUnit.Count, number)


def _emit(name: OwnMetric, unit: MetricUnit, value: float) -> None:
    with single_metric(name=name, unit=unit, value=value):
        pass
