"""Reads, carries out and answers ``{"announce": "sample", "by": …}``: an order to send a sample alert."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.documents.reader import JsonDocument, MalformedDocument, Members
from mailwarden.domain.findings.finding import SEVERITY_BY_LABEL, Severity
from mailwarden.domain.operator.sample import SampleOrder
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.inbound.invoke.orders import ORDER, operator_in
from mailwarden.inbound.sqs.batch import Log
from mailwarden.presentation.answers.misunderstood import misunderstood
from mailwarden.presentation.answers.sample import KIND, sample_document
from mailwarden.service.findings.sample_alert import SampleAlerts


def is_sample_order(event: Mapping[str, object]) -> bool:
    """Whether an invocation is one of these."""
    return event.get("announce") == "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOrders:
    """Carries out one order; ``home`` is the monitoring of the home region, which the alert is about."""

    samples: SampleAlerts
    home: MonitoringRef

    def carry_out(self, event: object, *, log: Log) -> JsonDocument:
        """The answer as a document; a malformed order also gets an answer, because a caller waits for it."""
        try:
            order = self._order(Members.of(event, where=ORDER))
        except MalformedDocument as error:
            answer = misunderstood(KIND, error.said)
            log.info("not understood", extra={"reason": answer["text"]})
            return answer
        sent = self.samples.send(order)
        level = log.error if sent.failed else log.info
        level(KIND, extra={"by": order.by, "sent": sent.sent, "failed": dict(sent.failed), "alert_id": sent.alert_id})
        return sample_document(sent)

    def _order(self, members: Members) -> SampleOrder:
        by = operator_in(members)
        severity = members.one_of("severity", SEVERITY_BY_LABEL) if members.has("severity") else Severity.LOW
        return SampleOrder(monitoring=self.home, by=by, severity=severity)
