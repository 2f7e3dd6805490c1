"""The periods of reports: each report is sent once in a period."""

from datetime import date, datetime, timedelta
from enum import StrEnum


class ReportKind(StrEnum):
    """The reports that are sent by the calendar."""

    WEEKLY = "weekly-summary"
    SHADOW = "shadow-report"


def period_of(kind: ReportKind, at: datetime) -> str:
    """The period of a report that is sent now: a week (ISO 8601) or a month."""
    match kind:
        case ReportKind.WEEKLY:
            year, week, _ = at.isocalendar()
            return f"{year}-W{week:02}"
        case ReportKind.SHADOW:
            return f"{at:%Y-%m}"


def first_day_of_last_month(at: datetime) -> date:
    """The first day of the month before."""
    return (at.replace(day=1) - timedelta(days=1)).date().replace(day=1)
