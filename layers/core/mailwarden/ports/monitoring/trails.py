"""The trails that deliver events."""

from typing import Protocol

from mailwarden.domain.monitoring.trails import Trail
from mailwarden.domain.readings import Unreadable


class Trails(Protocol):
    """Reads the trails that deliver events."""

    def seen_in(self, region: str) -> tuple[Trail, ...] | Unreadable:
        """The trails that a region sees; what could not be read of one of them is unread in it."""
        ...
