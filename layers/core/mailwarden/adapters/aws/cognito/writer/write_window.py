"""Measures the window between the last comparison and our write, in which another write goes unnoticed.

Neither Cognito nor SES has a conditional write. The window is short, measured and reported.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteWindow:
    """From sending the last look to receiving the response to the write: an upper bound of the window."""

    resource: str
    opened_at: datetime
    seconds: float

    @property
    def milliseconds(self) -> float:
        """The length in milliseconds, for metrics."""
        return self.seconds * 1000


type ReportWindow = Callable[[WriteWindow], None]
