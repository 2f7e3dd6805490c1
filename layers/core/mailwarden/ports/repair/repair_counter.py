"""Counts of repairs, for the dashboard."""

from datetime import timedelta
from typing import Protocol

from mailwarden.domain.repair.write_window import WriteWindow


class RepairCounter(Protocol):
    """Counts concluded writes."""

    def repaired(self, *, took: timedelta | None) -> None:
        """Count one; ``took`` is the time since the event that reported the breakage, if one did."""
        ...

    def written_within(self, window: WriteWindow) -> None:
        """Measure the time from the comparison before a write to AWS's answer."""
        ...
