"""Handles batches of ledger changes, and the schedule that sends alerts still due."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.inbound.invoke.sample_order import SampleOrders, is_sample_order
from mailwarden.inbound.sqs.batch import NOT_UNDERSTOOD, Failures, Log, failures_of
from mailwarden.service.incidents.announce import Announcer
from mailwarden.service.reports.send_reports import ReportSender

# In the input of the schedule.
_REPORTS = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementBatch:
    """Ledger changes or the schedule: changes are handled together, and in order where that fails.

    ``samples`` is built for an operator's order only, ``reports`` once a day. ``catch_up`` is for channels that the
    deployment has again; it does its work once.
    """

    announcer: Announcer
    samples: Callable[[], SampleOrders]
    reports: Callable[[], ReportSender]
    catch_up: Callable[[], int]
    changed: Callable[[Mapping[str, object]], FindingKey | None]

    def handle(self, event: Mapping[str, object], *, log: Log) -> Failures | JsonDocument:
        """Handle the records of one invocation; without records, send every alert that is due, reports, or a sample."""
        if is_sample_order(event):
            return self.samples().carry_out(event, log=log)
        if event.get("announce") == _REPORTS:
            log.info("sent reports", extra={"reports": [kind.value for kind in self.reports().send_due()]})
            return failures_of(set())
        records = event.get("Records")
        if not isinstance(records, list):
            try:
                log.info("told what was waiting", extra={"incidents": self.announcer.announce_waiting()})
            finally:
                self.catch_up()
            return failures_of(set())
        changes = [(record, key) for record in records if (key := self._changed(record, log)) is not None]
        try:
            # Findings of one cause that change together become one message.
            channels = self.announcer.announce(*(key for _, key in changes))
        except ExceptionGroup:
            return self._one_by_one(changes, log)
        if channels:
            log.info("told", extra={"findings": len(changes), "channels": channels})
        return failures_of(set())

    def _one_by_one(self, changes: Iterable[tuple[Mapping[str, Any], FindingKey]], log: Log) -> Failures:
        """Announce each finding of a failed batch by itself, in order, up to the first failure that a retry may fix."""
        for record, key in changes:
            try:
                self.announcer.announce(key)
            except ExceptionGroup as errors:
                _, others = errors.split(NOT_UNDERSTOOD)
                if others is not None:
                    log.exception("announcement failed", extra=_named(key))
                    return failures_of({str(record["dynamodb"]["SequenceNumber"])})
                # The finding stays as it is, and the schedule reports it until it can be read.
                log.exception("finding not understood", extra=_named(key))
        return failures_of(set())

    def _changed(self, record: Mapping[str, object], log: Log) -> FindingKey | None:
        """The finding of a change; a malformed one is in the ledger, where the schedule finds it."""
        try:
            return self.changed(record)
        except Exception as error:
            log.exception("change not understood", extra={"reason": f"{type(error).__name__}: {error}"})
            return None


def _named(key: FindingKey) -> dict[str, object]:
    return {"subject": key.subject_arn, "rule": key.rule_id}
