"""How many user pools a region has."""

from collections.abc import Mapping
from typing import Protocol

from mailwarden.domain.readings import Unreadable


class PoolCounts(Protocol):
    """Counts the user pools of regions."""

    def outside(self, watched: tuple[str, ...]) -> Mapping[str, int | Unreadable]:
        """The number of pools, up to 60, of every region with Cognito but *watched*."""
        ...
