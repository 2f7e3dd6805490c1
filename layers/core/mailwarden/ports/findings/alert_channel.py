"""Where alerts go."""

from typing import Protocol

from mailwarden.domain.incidents.alert import Alert
from mailwarden.message import ExplainedError


class AlertRefused(ExplainedError, RuntimeError):
    """The service behind a channel refuses the alert as it is; the message has its reason."""


class AlertChannel(Protocol):
    """Takes alerts."""

    def send(self, alert: Alert) -> None:
        """Hand the alert over, or raise: AlertRefused if a repetition alone does not help, else any other error."""
        ...
