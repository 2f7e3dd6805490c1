"""Counts of repairs, for the dashboard."""

from datetime import timedelta
from typing import Protocol


class RepairCounter(Protocol):
    """Counts concluded writes."""

    def repaired(self, *, took: timedelta | None) -> None:
        """Count one; ``took`` is the time since the event that reported the breakage, if one did."""
        ...
