"""The names of Mailwarden's own metrics: at most ten, because each costs money while it is sent.

A metric is its name and its dimensions; ours have one dimension, ``service``, with one value. Metrics that AWS
publishes for queues, functions and SES are read there and not sent again.
"""

from enum import StrEnum

from mailwarden.domain.findings.finding import Severity


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
