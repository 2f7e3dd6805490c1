"""Sends a sample alert through every channel, as alerts are sent, and records nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.lifecycle import Observation, opened
from mailwarden.domain.findings.record import Handling
from mailwarden.domain.incidents.alert import Alert, alert_of
from mailwarden.domain.mail_path.verdict import Answer, Verdict
from mailwarden.domain.operator.sample import SampleOrder, SampleSent
from mailwarden.message import problem_of
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.alert_channel import AlertChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAlerts:
    """Carries out an operator's order to test the channels; ``finding_of`` is the check of the rule MW900."""

    channels: Mapping[str, AlertChannel]
    finding_of: Callable[[SampleOrder], Iterator[Finding]]
    clock: Clock

    def send(self, order: SampleOrder) -> SampleSent:
        """Send one alert to every channel; a channel that fails does not stop the others."""
        alert = self._alert(order)
        sent, failed = [], {}
        for name, channel in self.channels.items():
            try:
                channel.send(alert)
            except Exception as error:  # noqa: BLE001 - named in the answer, so that the operator sees each channel
                failed[name] = problem_of(error)
            else:
                sent.append(name)
        return SampleSent(alert_id=alert.alert_id, sent=tuple(sent), failed=failed)

    def _alert(self, order: SampleOrder) -> Alert:
        """The alert of a new finding; its version is the time, because channels drop a repeated alert."""
        (finding,) = self.finding_of(order)
        at = self.clock.now()
        record = opened(
            None,
            Observation(
                finding=finding,
                seen_from=order.monitoring,
                pool_name="",
                verdict=Verdict(answer=Answer.UNKNOWN, deciding=None, links=()),
                handled=Handled(handling=Handling.WITHHELD),
                cause=None,
                at=at,
            ),
        )
        milliseconds = int(at.timestamp() * 1000)
        return alert_of(replace(record, lifecycle=replace(record.lifecycle, version=milliseconds)))
