"""Our share of AWS's request rates, one schedule for all functions and spreads."""

from datetime import datetime, timedelta
from typing import Protocol


class RateShares(Protocol):
    """Gives each call, or look, a place in time, so that all of them together keep a rate."""

    def reserve(self, schedule: str, *, places: int, every: timedelta, now: datetime) -> datetime:
        """Take the next *places* of a schedule, *every* apart; returns the time of the first, never before *now*."""
        ...
