"""The windows of our writes, and other actors' calls that may overlap them."""

from typing import Protocol

from mailwarden.domain.mail_path.overlap import OtherCall, ResourceWrites, StoredWindow


class WindowsOfResources(Protocol):
    """Returns both, for a look."""

    def of(self, resource: str) -> ResourceWrites:
        """Everything stored about a resource, by its ARN."""
        ...


class WriteWindows(WindowsOfResources, Protocol):
    """Keeps both for some days."""

    def put(self, window: StoredWindow) -> None:
        """Store the window of a write, in place of what is stored of the same journal entry."""
        ...

    def drop(self, window: StoredWindow) -> None:
        """Forget the window of a write that AWS did not take."""
        ...

    def note(self, other: OtherCall) -> None:
        """Store another actor's call; the first time it was noted stays."""
        ...
