"""The figures of SES by day, for charts: sums over the slots of each UTC day of the window."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import WINDOW, Figures

type DaysBySubject = Mapping[SesAccountRef | ConfigurationSetRef, tuple[DayFigures, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """The messages of a UTC day; None without a data point, which is not zero."""

    day: date
    sends: float | None


def days_of(series: Mapping[datetime, Figures], now: datetime) -> tuple[DayFigures, ...]:
    """The days of ``WINDOW`` up to *now*, the oldest first."""
    sums: dict[date, float] = {}
    for at, figures in series.items():
        if figures.sends is not None:
            sums[at.date()] = sums.get(at.date(), 0.0) + figures.sends
    days = (now.date() - timedelta(days=back) for back in reversed(range(WINDOW.days)))
    return tuple(DayFigures(day=day, sends=sums.get(day)) for day in days)
