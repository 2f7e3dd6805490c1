"""Every metric of our own, in one place: each costs money for as long as it is sent, so there are ten at most.

A metric is its name and its dimensions; ours have one dimension, ``service``, that never varies. What AWS measures of
queues, functions and SES itself is read where it is and not sent again.
"""

from enum import StrEnum

from mailwarden.domain.findings.finding import Severity


class OwnMetric(StrEnum):
    """The names, as dashboard and alarms use them."""

    SWEEP_AGE = "SweepAge"
    """Seconds since the longest unswept region was swept, from ``sweep`` each minute."""
    REPUTATION_AGE = "ReputationAge"
    """Seconds since the rates of the longest unread region were read, from ``reputation`` each time."""
    REPAIRS = "Repairs"
    """One for each write that was concluded, from ``repair``."""
    EVENT_TO_REPAIR = "EventToRepair"
    """Milliseconds from the time of the event that told of a breakage to its concluded write, from ``repair``."""
    COMPARE_TO_WRITE = "CompareToWrite"
    """Milliseconds in which a write of somebody else would go unseen, from ``repair``."""
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
