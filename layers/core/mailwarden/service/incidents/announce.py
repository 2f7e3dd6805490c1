"""Announces incidents: level-triggered, so that a lost event delays a message and loses none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched

from mailwarden.domain.incidents.alert import Alert, alert_of, report_of
from mailwarden.domain.incidents.holding import held_back, speak_while
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.root_causes import RootCause, key_of_cause
from mailwarden.message import ExplainedError, message
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.alert_channel import AlertChannel, AlertRefused
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.incidents.incident_leases import IncidentLeases
from mailwarden.ports.incidents.incidents import Incidents
from mailwarden.service.incidents.extent import ExtentReader, StaleFinding
from mailwarden.service.incidents.gathering import Gathering

# The stream announces within a second. The schedule leaves it that long, so that the two do not do the same work.
_HEAD_START = timedelta(seconds=30)
# Longer than any channel takes to fail; the lease of a function that dies is waited for this long.
_LEASE = timedelta(minutes=2)
# Of an incident that is due, so many open findings are read again: the stream may have lost their end.
_REREAD = 50
_ATTEMPTS = 8
# Findings that wait are taken in and announced by so many: a run that ends early has announced the others.
_TOGETHER = 100
# The reason of a refusal, such as a missing permission, may be removed meanwhile. After that the alert is given up for
# this channel: the incident would be due forever.
_PATIENCE = timedelta(minutes=15)


class AlertGivenUp(ExplainedError, RuntimeError):
    """A channel refused one version of an incident for too long; the next version is sent to it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Takes changed findings into incidents, and brings every channel up to the last message about each.

    A message is sent first and marked after: a crash in between repeats one alert with the same alert id, and nothing
    is lost. Only one process announces an incident at a time, and always the stored one: an older version never
    follows a newer one.
    """

    findings: Findings
    incidents: Incidents
    gathering: Gathering
    extents: ExtentReader
    leases: IncidentLeases
    channels: Mapping[str, AlertChannel]
    clock: Clock

    def announce(self, *keys: FindingKey) -> tuple[str, ...]:
        """Take findings in, and send the messages of their incidents that are due; the channels that got any.

        Raises an ExceptionGroup of what failed, after everything was tried.
        """
        taken = self.gathering.take_in(keys)
        return self._tell_all(taken.causes, failed=taken.failed)

    def announce_waiting(self) -> int:
        """Take in every finding that waits, and announce every incident that is due; how many were announced.

        Raises an ExceptionGroup of what failed, after everything was tried.
        """
        now, told = self.clock.now(), 0
        waiting: list[FindingKey] = []
        failed: list[Exception] = []
        try:
            # The index names the others before it raises the error of a corrupt one.
            for record in self.findings.awaiting_announcement(now=now - _HEAD_START):
                waiting.append(record.key)  # noqa: PERF401 - those before an error count
        except Exception as error:  # noqa: BLE001 - raised below, when the others have been tried
            failed.append(error)
        for some in batched(waiting, _TOGETHER, strict=False):
            taken = self.gathering.take_in(some)
            failed += taken.failed
            told += self._count_told(taken.causes, failed)
        told += self._count_told(self.incidents.due(now=now), failed, is_listed=True)
        if failed:
            raise ExceptionGroup("announcements", failed)
        return told

    def announce_again(self, causes: Iterable[RootCause]) -> int:
        """Send the last message about incidents to the channels that lack it; how many were announced.

        Raises an ExceptionGroup of what failed, after everything was tried.
        """
        failed: list[Exception] = []
        told = self._count_told(causes, failed)
        if failed:
            raise ExceptionGroup("announcements", failed)
        return told

    def _count_told(self, causes: Iterable[RootCause], failed: list[Exception], *, is_listed: bool = False) -> int:
        """How many of the incidents were announced; the errors of the others are added to *failed*."""
        told = 0
        for cause in causes:
            try:
                told += bool(self._tell(cause, is_listed=is_listed))
            except Exception as error:  # noqa: BLE001 - raised by the caller, when the others have been tried
                failed.append(error)
        return told

    def _tell_all(self, causes: Iterable[RootCause], *, failed: Iterable[Exception]) -> tuple[str, ...]:
        told: dict[str, None] = {}
        errors = [*failed]
        for cause in causes:
            try:
                told.update(dict.fromkeys(self._tell(cause)))
            except Exception as error:  # noqa: BLE001 - raised below, when the other incidents have been tried
                errors.append(error)
        if errors:
            raise ExceptionGroup("incidents", errors)
        return tuple(told)

    def _tell(self, cause: RootCause, *, is_listed: bool = False) -> tuple[str, ...]:
        now, incident = self.clock.now(), self._brought_up_to_date(cause)
        if incident is None:
            return ()
        if not incident.is_behind(tuple(self.channels)):
            if is_listed and not _is_due(incident, now):
                # It waits for a channel that the deployment no longer has: stored again, it waits for none.
                self.incidents.store(replace(incident, revision=incident.revision + 1))
            return ()
        if not self.leases.acquire(cause, now=now, until=now + _LEASE):
            # Another process is at it; if it has an older version, the schedule sends the rest.
            return ()
        try:
            told, failed = self._send(cause)
        finally:
            self.leases.release(cause)
        if failed:
            raise ExceptionGroup(key_of_cause(cause), failed)
        return told

    def _send(self, cause: RootCause) -> tuple[tuple[str, ...], list[Exception]]:
        """Send the last version to every channel that is behind; those that got it, and the errors of the others."""
        told: list[str] = []
        failed: list[Exception] = []
        alert: Alert | None = None
        for name, channel in self.channels.items():
            current = self.incidents.read(cause)
            if current is None or current.announced.get(name, 0) >= current.version:
                continue
            if alert is None or alert.report.version != current.version:
                alert = self._alert(cause)
            if alert is None:
                continue
            try:
                channel.send(alert)
            except AlertRefused as refusal:
                if self.clock.now() - alert.report.at < _PATIENCE:
                    failed.append(refusal)
                    continue
                failed.append(_given_up(alert, channel=name, refusal=refusal))
                self.incidents.mark_announced(cause, channel=name, version=alert.report.version)
                continue
            except Exception as error:  # noqa: BLE001 - raised by the caller, when the other channels have been tried
                failed.append(error)
                continue
            self.incidents.mark_announced(cause, channel=name, version=alert.report.version)
            told.append(name)
        return tuple(told), failed

    def _brought_up_to_date(self, cause: RootCause) -> Incident | None:
        """The incident with the message that is due now, if any; its open findings are read again before."""
        incident = self.incidents.read(cause)
        for attempt in range(_ATTEMPTS):
            now = self.clock.now()
            if incident is None or not _is_due(incident, now):
                return incident
            if attempt == 0 and incident.open_count:
                # One that cannot be read does not hold the message back: the index of what waits reports it.
                self.gathering.take_in(
                    member.key for member in self.incidents.members(incident, is_open=True, most=_REREAD)
                )
                incident = self.incidents.read(cause)
                continue
            said = speak_while(incident, self.gathering.held.reason(), now=now)
            if said is None or self.incidents.store(replace(said, revision=incident.revision + 1)):
                return self.incidents.read(cause)
            incident = self.incidents.read(cause)
        return incident

    def _alert(self, cause: RootCause) -> Alert | None:
        """The message: of the worst finding, and what all of them concern; None if there is none to send."""
        for _ in range(_ATTEMPTS):
            incident = self.incidents.read(cause)
            if incident is None or incident.claim is None:
                return None
            extent = self.extents.read(incident)
            if extent is None:
                return None
            if not isinstance(extent, StaleFinding):
                lead, read = extent
                return alert_of(held_back(lead, self.gathering.held.reason()), report_of(incident, read))
            self.gathering.take_in([extent.key])
        return None


def _given_up(alert: Alert, *, channel: str, refusal: AlertRefused) -> AlertGivenUp:
    report = alert.report
    return AlertGivenUp(
        message(
            "channel.given-up",
            version=report.version,
            incident_id=report.incident_id,
            channel=channel,
            reason=refusal.said,
        )
    )


def _is_due(incident: Incident, now: datetime) -> bool:
    return incident.attention is not None and incident.attention <= now
