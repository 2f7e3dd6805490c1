"""The clock of an audit: the system's, or the time at which its answers were recorded."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class UtcClock:
    """Implements ``Clock`` with the system clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(tz=UTC)


@dataclass(frozen=True, slots=True)
class RecordedClock:
    """Implements ``Clock`` with one time: rules that compare with the present judge as they would have then."""

    at: datetime

    def now(self) -> datetime:
        """The time of the recording."""
        return self.at
