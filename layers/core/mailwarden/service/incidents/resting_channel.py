"""A channel that rests after a failure, so that the alerts of other incidents do not wait for its time-outs."""

from datetime import datetime, timedelta

from mailwarden.domain.incidents.alert import Alert
from mailwarden.message import ExplainedError, message, problem_of
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.alert_channel import AlertChannel, AlertRefused

# Shorter than the minute after which the schedule sends what is still due.
_REST = timedelta(seconds=30)


class ChannelRests(ExplainedError, ConnectionError):
    """The channel failed a moment ago and was not tried."""


class RestingChannel:
    """Implements ``AlertChannel`` with another one, which gets no alert for 30 seconds after it failed.

    A refusal of one alert is no failure of the channel.
    """

    def __init__(self, below: AlertChannel, *, name: str, clock: Clock) -> None:
        self._below = below
        self._name = name
        self._clock = clock
        self._failed: tuple[datetime, Exception] | None = None

    def send(self, alert: Alert) -> None:
        """Send; raises ChannelRests, or what the channel raises."""
        if self._failed is not None:
            at, error = self._failed
            if self._clock.now() - at < _REST:
                raise ChannelRests(message("channel.rests", channel=self._name, reason=problem_of(error)))
        try:
            self._below.send(alert)
        except AlertRefused:
            raise
        except Exception as error:
            self._failed = (self._clock.now(), error)
            raise
        self._failed = None
