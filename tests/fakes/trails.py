"""Trails in memory, by the region that sees them."""

from dataclasses import dataclass, field

from mailwarden.domain.monitoring.trails import Trail
from mailwarden.domain.readings import Unreadable


@dataclass(slots=True, kw_only=True)
class HeldTrails:
    """Implements ``Trails``; every region sees ``everywhere`` unless it is held apart; ``broken`` ones raise."""

    everywhere: tuple[Trail, ...] = ()
    held: dict[str, tuple[Trail, ...] | Unreadable] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def seen_in(self, region: str) -> tuple[Trail, ...] | Unreadable:
        if region in self.broken:
            raise LookupError(region)
        return self.held.get(region, self.everywhere)
