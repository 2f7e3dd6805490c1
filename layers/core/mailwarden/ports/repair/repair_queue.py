"""The queue of repair orders."""

from collections.abc import Sequence
from typing import Protocol

from mailwarden.domain.repair.journal import RepairOrder


class RepairQueue(Protocol):
    """Where repair orders wait; orders for one resource keep their order."""

    def send(self, orders: Sequence[RepairOrder]) -> None:
        """Send them all, or raise. The same change seen by the same look is sent once."""
        ...
