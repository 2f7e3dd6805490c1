"""The user pools of other regions, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailwarden.domain.readings import Unreadable


@dataclass(slots=True, kw_only=True)
class HeldPoolCounts:
    """Implements ``PoolCounts``."""

    held: dict[str, int | Unreadable] = field(default_factory=dict)

    def outside(self, watched: tuple[str, ...]) -> Mapping[str, int | Unreadable]:
        return {region: count for region, count in self.held.items() if region not in watched}
