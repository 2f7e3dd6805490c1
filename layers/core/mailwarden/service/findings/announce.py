"""Tells people about state changes: level-triggered, so that a lost event means late, never silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.alert_channel import AlertChannel
from mailwarden.ports.findings.announcement_leases import AnnouncementLeases
from mailwarden.ports.findings.findings import Findings

# The stream tells within a second. The minute's look leaves it that long, so that the two do not tell the same thing.
_HEAD_START = timedelta(seconds=30)
# Longer than any channel takes to fail; whoever dies while telling is waited for this long.
_LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Brings every channel up to the current version of a finding.

    A channel is told first and marked after: a crash in between repeats one alert with the same alert id, and nothing
    is lost. Only one tells of a finding at a time, and always the stored record: an older version never follows a newer
    one.
    """

    findings: Findings
    leases: AnnouncementLeases
    channels: Mapping[str, AlertChannel]
    clock: Clock

    def announce(self, key: FindingKey) -> tuple[str, ...]:
        """Tell what is to be told of one finding now; the channels that were told.

        Raises an ExceptionGroup of what the channels raised, after every one was tried.
        """
        now = self.clock.now()
        record = self.findings.read(key)
        if record is None or record.lifecycle.announce_after > now or not self._is_behind(record):
            return ()
        if not self.leases.acquire(key, now=now, until=now + _LEASE):
            # Somebody else is at it; should it be an older version, the minute's look tells the rest.
            return ()
        told, failed = [], []
        for name, channel in self.channels.items():
            current = self.findings.read(key)
            if current is None or current.lifecycle.announced.get(name, 0) >= current.lifecycle.version:
                continue
            try:
                channel.send(alert_of(current))
            except Exception as error:  # noqa: BLE001 - raised below, when the other channels have been tried
                failed.append(error)
                continue
            self.findings.mark_announced(key, channels=(name,), version=current.lifecycle.version)
            told.append(name)
        self.leases.release(key)
        if failed:
            raise ExceptionGroup(f"{key.subject_arn} {key.rule_id}", failed)
        return tuple(told)

    def announce_waiting(self) -> int:
        """Tell everything that is behind and whose waiting time is over; how many findings were told.

        Raises an ExceptionGroup of what could not be told, after everything was tried.
        """
        told, failed = 0, []
        for record in self.findings.awaiting_announcement(now=self.clock.now() - _HEAD_START):
            try:
                told += bool(self.announce(record.key))
            except Exception as error:  # noqa: BLE001 - raised below, when the others have been tried
                failed.append(error)
        if failed:
            raise ExceptionGroup("announcements", failed)
        return told

    def _is_behind(self, record: FindingRecord) -> bool:
        return any(record.lifecycle.announced.get(name, 0) < record.lifecycle.version for name in self.channels)
