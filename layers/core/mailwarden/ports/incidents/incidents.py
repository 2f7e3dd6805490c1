"""Every incident, the findings in it, and what was sent of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from mailwarden.domain.incidents.folding import MemberChange
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.share import Member
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.root_causes import RootCause


class Incidents(Protocol):
    """Keeps incidents."""

    def read(self, cause: RootCause) -> Incident | None:
        """The incident of a cause, in its last generation."""
        ...

    def member(self, key: FindingKey) -> Member | None:
        """The last incident that a finding was in."""
        ...

    def store(self, incident: Incident, changes: Sequence[MemberChange] = (), *, left: Incident | None = None) -> bool:
        """Keep an incident, of the revision after the stored one, and its changes; False if another was faster.

        *left*: the incident that a finding leaves for this one, kept with it or not at all.
        """
        ...

    def members(self, incident: Incident, *, is_open: bool, most: int) -> tuple[Member, ...]:
        """The first *most* findings of the incident's generation that are open, or over: the worst first."""
        ...

    def due(self, *, now: datetime) -> Iterable[RootCause]:
        """The incidents about which something may have to be said now."""
        ...

    def mark_announced(self, cause: RootCause, *, channel: str, version: int) -> None:
        """Remember that *version* was sent to *channel*; never goes back to an older one."""
        ...
