"""How many findings that the same calls opened a moment ago are open."""

from typing import Protocol

from mailwarden.domain.incidents.share import Burst


class Bursts(Protocol):
    """Counts open findings by the calls that led to them."""

    def join(self, burst: Burst) -> int:
        """Count one more finding; how many of the last minutes are open, with this one."""
        ...

    def leave(self, burst: Burst) -> None:
        """Count one finding less: it is over."""
        ...
