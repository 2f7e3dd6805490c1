"""The time between our last comparison and the answer to our write, in which somebody else's write goes unseen.

Neither Cognito nor SES can be told "only if it is still as I saw it". The time is kept short, measured and reported.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteWindow:
    """Opened when the last look was *sent*, closed when the answer to the write had come: the longest it can be."""

    resource: str
    opened_at: datetime
    seconds: float

    @property
    def milliseconds(self) -> float:
        """For metrics."""
        return self.seconds * 1000


type ReportWindow = Callable[[WriteWindow], None]
