"""How many findings the same calls opened a moment ago."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.refs.root_causes import SameCalls


class Bursts(Protocol):
    """Counts findings by the calls that led to them."""

    def join(self, calls: SameCalls, *, at: datetime) -> int:
        """Count one more finding; how many there were in the last minutes, with this one."""
        ...
