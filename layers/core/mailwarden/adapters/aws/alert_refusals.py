"""The errors of ``AlertChannel`` for the answers of the services behind copies of alerts."""

from mailwarden.message import ExplainedError, message, verbatim
from mailwarden.ports.findings.alert_channel import AlertRefused


class AlertNotTaken(ExplainedError, RuntimeError):
    """The service did not take an alert, and may take it later."""


def refused_by(service: str, reason: str) -> AlertRefused:
    """The error for an alert that *service* refuses for a reason of its own."""
    return AlertRefused(message("channel.refused", service=service, reason=verbatim(reason)))


def not_taken_by(service: str, reason: str) -> AlertNotTaken:
    """The error for an alert that *service* may take later."""
    return AlertNotTaken(message("channel.not-taken", service=service, reason=verbatim(reason)))
