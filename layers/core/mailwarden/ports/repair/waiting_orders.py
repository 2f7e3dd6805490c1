"""The orders that wait: at most one for each resource, because it serves every open finding of its resource."""

from datetime import datetime
from typing import Protocol


class WaitingOrders(Protocol):
    """Marks a resource for as long as an order for it can be in the queue."""

    def claim(self, resource: str, *, by: str, now: datetime, until: datetime) -> bool:
        """Mark a resource before its order is sent; False if an order waits for it. *by* names the order."""
        ...

    def keep(self, resource: str, *, by: str, until: datetime) -> None:
        """The order was sent and waits until *until* at the latest; nothing happens if it began meanwhile."""
        ...

    def waits_until(self, resource: str) -> datetime | None:
        """The end of a resource's mark, which may be over; None without one."""
        ...

    def begin(self, resource: str) -> None:
        """The order begins: what is found from now on needs another one."""
        ...
