"""The incidents of a deployment, for those who only read."""

from typing import Protocol

from mailwarden.domain.incidents.listing import StoredIncidents


class IncidentList(Protocol):
    """Lists incidents; those that changed in the last moments may be missing, or be as they were before."""

    def open(self, *, most: int) -> StoredIncidents:
        """At most *most* of the incidents that are open, or whose end is to be announced, in no order."""
        ...

    def ended(self, *, most: int) -> StoredIncidents:
        """At most *most* of the other incidents, as long as they are kept, the one that ended last first."""
        ...
