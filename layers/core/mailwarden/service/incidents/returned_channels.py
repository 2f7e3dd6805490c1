"""A channel that was switched off and on again gets the ends of the incidents that it still shows as open."""

from dataclasses import dataclass

from mailwarden.ports.incidents.incident_list import IncidentList
from mailwarden.service.incidents.announce import Announcer

# The latest ones; DynamoDB reads them in one or two pages.
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedChannels:
    """Sends the end of incidents to the channels whose last message about them is older.

    An incident that is over is not due again: only a channel that was not there when it ended can lack its end. A
    channel that was never sent anything about an incident is not sent its end.
    """

    listed: IncidentList
    announcer: Announcer

    def catch_up(self) -> int:
        """How many incidents were announced. Raises an ExceptionGroup of what failed, after everything was tried."""
        channels = tuple(self.announcer.channels)
        ended = self.listed.ended(most=_MOST).incidents
        return self.announcer.announce_again(
            each.cause for each in ended if any(0 < each.announced.get(name, 0) < each.version for name in channels)
        )
