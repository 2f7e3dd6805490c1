"""Incidents as operators list them: those that are open, and those that ended."""

from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.incidents.alert import Extent
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.refs.root_causes import key_of_cause


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIncidents:
    """Incidents as the ledger keeps them; ``unread`` cannot be read. ``is_complete``: there are no others."""

    incidents: tuple[Incident, ...]
    unread: int
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedIncident:
    """An incident, the finding that speaks for it, and the extent; None where no finding of it is left."""

    incident: Incident
    record: FindingRecord | None
    extent: Extent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPage:
    """Some of the incidents at a time; ``count`` counts all of them.

    ``with_ended``: those that ended follow the open ones. ``unread`` cannot be read. ``is_complete``: ``count`` is all.
    ``has_more``: some are neither on this page nor on those before it.
    """

    at: datetime
    with_ended: bool
    count: int
    open_count: int
    unread: int
    is_complete: bool
    rows: tuple[ListedIncident, ...]
    has_more: bool


def in_order(incident: Incident) -> tuple[bool, int, float, str]:
    """The place of an incident in a list: open ones first, the worst first, and then the latest first."""
    is_over = not incident.open_count
    severity = incident.severity or Severity.LOW
    latest = incident.changed_at if is_over else incident.opened_at
    return is_over, 0 if is_over else -severity.value, -latest.timestamp(), key_of_cause(incident.cause)
