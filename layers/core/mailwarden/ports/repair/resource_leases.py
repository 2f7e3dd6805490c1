"""Leases of resources: one process at a time writes a resource, and at most one journal entry is open for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLease:
    """The right to write one resource.

    ``holder`` is also the id of the journal entry that may be opened under this lease. ``open_entry`` is an entry that
    an earlier holder left open; it has to be concluded first.
    """

    resource: str
    holder: str
    open_entry: str | None = None


class ResourceLeases(Protocol):
    """Gives each resource to one process at a time; the mark of an open entry outlives the lease."""

    def acquire(self, resource: str, *, holder: str, now: datetime, until: datetime) -> ResourceLease | None:
        """Acquire the lease, until *until* at the latest; None if another process holds it."""
        ...

    def mark(self, lease: ResourceLease) -> None:
        """Mark the entry of the holder as open; raises an error if the lease is lost or another entry is open."""
        ...

    def clear(self, lease: ResourceLease, entry_id: str) -> None:
        """Remove the mark of an entry that is concluded, or that was never begun."""
        ...

    def release(self, lease: ResourceLease) -> None:
        """Release the lease; the mark of an open entry stays. Nothing happens if another process holds the lease."""
        ...
