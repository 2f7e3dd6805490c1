"""Where alerts go."""

from typing import Protocol

from mailwarden.domain.incidents.alert import Alert


class AlertChannel(Protocol):
    """Takes alerts."""

    def send(self, alert: Alert) -> None:
        """Hand the alert over, or raise."""
        ...
