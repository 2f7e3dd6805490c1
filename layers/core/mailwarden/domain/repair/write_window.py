"""The window of a write: from the last comparison until AWS answered. Another actor's write in it may be lost.

Neither Cognito nor SES has a conditional write. The window is kept short, measured, stored and compared with the calls
of others.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteWindow:
    """From sending the comparison's read until the response to the write: an upper bound of the window, in UTC.

    If the response was lost, ``written_at`` is the time at which a read showed the write.
    """

    resource: str
    compared_at: datetime
    written_at: datetime

    @property
    def milliseconds(self) -> float:
        """The length in milliseconds, for metrics."""
        return (self.written_at - self.compared_at).total_seconds() * 1000
