"""Leases: at most one process announces a finding at a time."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.refs.finding_key import FindingKey


class AnnouncementLeases(Protocol):
    """Gives the announcement of a finding to one process at a time."""

    def acquire(self, key: FindingKey, *, now: datetime, until: datetime) -> bool:
        """Acquire the lease, until *until* at the latest; False if another process holds it."""
        ...

    def release(self, key: FindingKey) -> None:
        """Release the lease."""
        ...
