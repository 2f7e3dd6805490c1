"""The emergency stop, as a fact that `repair` reads before it writes."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.repair.limits import Stop


class StopSwitch(Protocol):
    """Holds across deployments: no template knows it."""

    def current(self) -> Stop | None:
        """The stop in effect; None while repairs may run."""
        ...

    def stop(self, *, by: str, now: datetime) -> None:
        """Stop repairs; a second stop changes nothing."""
        ...

    def start(self) -> None:
        """Let repairs run again."""
        ...
