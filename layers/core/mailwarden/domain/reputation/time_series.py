"""Metrics in slots of 15 minutes, and their totals over the window of a rate status."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.reputation.feedback import WINDOW, Figures, RateStatus

SLOT = timedelta(minutes=15)
# Bounces arrive hours after the mail but carry their own time; CloudWatch itself is minutes late.
_LATE = timedelta(hours=1)
# While nothing is sent, AWS publishes no rate. An old rate does not describe current mail.
_RATE_STANDS_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The metrics of the 15 minutes from ``at`` on: message counts, and the highest rates."""

    at: datetime
    figures: Figures


def slot_of(at: datetime) -> datetime:
    """The start of the slot that contains *at*; slots start at whole quarters of an hour."""
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def window_of(now: datetime) -> datetime:
    """The start of the first slot of ``WINDOW``; the last slot contains *now*."""
    return slot_of(now) - WINDOW + SLOT


def first_wanted(rate_statuses: Iterable[RateStatus | None], now: datetime) -> datetime:
    """The first slot to request: late data is read again, new subjects have no past.

    One request serves a whole region, so it starts at the subject with the oldest read.
    """
    window = window_of(now)
    known = [None if rate_status is None else rate_status.looked_at for rate_status in rate_statuses]
    return max(window, min(window if at is None else slot_of(at - _LATE) for at in known)) if known else window


def sends_since(series: Mapping[datetime, Figures], now: datetime) -> datetime | None:
    """The start of the window's first slot with sends."""
    window = window_of(now)
    return min(
        (at for at, figures in series.items() if window <= at <= now and figures.sends is not None), default=None
    )


def summed(series: Mapping[datetime, Figures], now: datetime) -> Figures:
    """The sums of the window's slots and the latest rates; a value without any slot is None, not zero."""
    window = window_of(now)
    slots = [series[at] for at in sorted(series) if window <= at <= now]
    recent = [series[at] for at in sorted(series) if at <= now < at + SLOT + _RATE_STANDS_FOR]
    return Figures(
        sends=_sum(each.sends for each in slots),
        deliveries=_sum(each.deliveries for each in slots),
        bounces=_sum(each.bounces for each in slots),
        complaints=_sum(each.complaints for each in slots),
        rejects=_sum(each.rejects for each in slots),
        rendering_failures=_sum(each.rendering_failures for each in slots),
        bounce_rate=_last(each.bounce_rate for each in recent),
        complaint_rate=_last(each.complaint_rate for each in recent),
    )


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _last(values: Iterable[float | None]) -> float | None:
    return next((value for value in reversed(list(values)) if value is not None), None)
