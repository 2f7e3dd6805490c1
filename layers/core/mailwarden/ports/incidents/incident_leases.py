"""Leases: at most one process announces an incident at a time."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.refs.root_causes import RootCause


class IncidentLeases(Protocol):
    """Gives the announcement of an incident to one process at a time."""

    def acquire(self, cause: RootCause, *, now: datetime, until: datetime) -> bool:
        """Acquire the lease, until *until* at the latest; False if another process holds it."""
        ...

    def release(self, cause: RootCause) -> None:
        """Release the lease."""
        ...
