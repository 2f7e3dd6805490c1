"""An alert channel in memory, which can be told to be down."""

from dataclasses import dataclass, field

from mailwarden.domain.incidents.alert import Alert


class ChannelDown(ConnectionError):
    """The channel takes nothing at the moment."""


@dataclass(slots=True, kw_only=True)
class InMemoryChannel:
    """Implements ``AlertChannel``; ``failures`` is for how many of the next alerts it raises ``failure``."""

    told: list[Alert] = field(default_factory=list)
    failures: int = 0
    failure: Exception = field(default_factory=lambda: ChannelDown("the channel is down"))

    def send(self, alert: Alert) -> None:
        if self.failures > 0:
            self.failures -= 1
            raise self.failure
        self.told.append(alert)
