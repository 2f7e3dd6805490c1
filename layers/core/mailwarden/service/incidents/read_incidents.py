"""Lists the incidents for operators, from the ledger alone; writes nothing."""

from dataclasses import dataclass

from mailwarden.domain.incidents.alert import incident_id_of
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.listing import IncidentPage, ListedIncident, StoredIncidents, in_order
from mailwarden.ports.clock import Clock
from mailwarden.ports.incidents.incident_list import IncidentList
from mailwarden.service.incidents.extent import ExtentReader, StaleFinding

# So many are put in order, and so many ended ones follow: an item has a few KB, and one read returns 1 MB.
_OPEN, _ENDED = 1000, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReader:
    """Reads the incidents, and of those on one page what a message about them would name."""

    incidents: IncidentList
    extents: ExtentReader
    clock: Clock

    def page(self, *, with_ended: bool, seen: frozenset[str], most: int) -> IncidentPage:
        """At most *most* incidents, without those of the ids *seen*, which earlier pages had.

        The place of an incident changes from page to page, and so would a number; an id does not.
        """
        listed = self.incidents.open(most=_OPEN)
        ended = self.incidents.ended(most=_ENDED) if with_ended else _none()
        # One that ends between the first two reads is in both, and one that returns between them is in the third.
        again = self.incidents.open(most=_OPEN) if with_ended else _none()
        by_age = sorted((*listed.incidents, *ended.incidents, *again.incidents), key=lambda each: each.revision)
        known = {each.cause: each for each in by_age}
        found = sorted((each for each in known.values() if with_ended or each.open_count), key=in_order)
        left = [each for each in found if incident_id_of(each.cause) not in seen]
        return IncidentPage(
            at=self.clock.now(),
            with_ended=with_ended,
            count=len(found),
            open_count=sum(1 for each in found if each.open_count),
            unread=max(listed.unread, again.unread) + ended.unread,
            is_complete=listed.is_complete and ended.is_complete and again.is_complete,
            rows=tuple(map(self._row, left[:most])),
            has_more=len(left) > most,
        )

    def _row(self, incident: Incident) -> ListedIncident:
        read = self.extents.read(incident)
        # A finding that changed a moment ago is not in the incident as it is now: the list shows the counts alone.
        record, extent = (None, None) if read is None or isinstance(read, StaleFinding) else read
        return ListedIncident(incident=incident, record=record, extent=extent)


def _none() -> StoredIncidents:
    return StoredIncidents(incidents=(), unread=0, is_complete=True)
