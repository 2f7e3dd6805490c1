"""Tells people about state changes: level-triggered, so that a lost event means late, never silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.alerts import alert_of
from mailwarden.domain.records import FindingKey, FindingRecord
from mailwarden.ports import AlertChannel, Clock, Ledger

# The stream tells within a second. The minute's look leaves it that long, so that the two do not tell the same thing.
_HEAD_START = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Brings every channel up to the current version of a finding.

    A channel is told first and marked after: a crash in between repeats one alert with the same alert id, and nothing
    is lost. An older version never follows a newer one, because it is always the stored record that is told.
    """

    ledger: Ledger
    channels: Mapping[str, AlertChannel]
    clock: Clock

    def announce(self, key: FindingKey) -> tuple[str, ...]:
        """Tell what is to be told of one finding now; the channels that were told."""
        record = self.ledger.finding(key)
        if record is None or record.announce_after > self.clock.now():
            return ()
        return self._tell(record)

    def announce_waiting(self) -> int:
        """Tell everything that is behind and whose waiting time is over; how many findings were told."""
        waiting = self.ledger.awaiting_announcement(now=self.clock.now() - _HEAD_START)
        return sum(1 for record in waiting if self._tell(record))

    def _tell(self, record: FindingRecord) -> tuple[str, ...]:
        alert = alert_of(record)
        told = []
        for name, channel in self.channels.items():
            if record.announced.get(name, 0) < record.version:
                channel.tell(alert)
                self.ledger.mark_announced(alert.key, channel=name, version=record.version)
                told.append(name)
        return tuple(told)
