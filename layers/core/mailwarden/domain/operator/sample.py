"""An operator's order to send a sample alert, and its result."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOrder:
    """The order; ``by`` is the caller's own claim."""

    monitoring: MonitoringRef
    by: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSent:
    """The channels that took the alert, and those that failed, with the error."""

    alert_id: str
    sent: tuple[str, ...]
    failed: Mapping[str, Message]
