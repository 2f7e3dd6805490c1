"""The visibility of messages, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class HeldVisibility:
    """Implements ``MessageVisibility``; ``hidden`` holds the seconds by receipt, ``refused`` the codes it returns."""

    refused: tuple[str, ...] = ()
    hidden: dict[str, int] = field(default_factory=dict)

    def hide(self, seconds: Mapping[str, int]) -> tuple[str, ...]:
        self.hidden.update(seconds)
        return self.refused
