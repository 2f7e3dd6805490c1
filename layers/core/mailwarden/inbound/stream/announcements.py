"""Handles batches of ledger changes, and the schedule that sends alerts still due."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.inbound.sqs.batch import Failures, Log, failures_of
from mailwarden.service.findings.announce import Announcer


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementBatch:
    """Ledger changes or the schedule: changes are handled in order, up to the first failure."""

    announcer: Announcer
    changed: Callable[[Mapping[str, object]], FindingKey | None]

    def handle(self, event: Mapping[str, object], *, log: Log) -> Failures:
        """Handle the records of one invocation; without records, send every alert that is due."""
        records = event.get("Records")
        if not isinstance(records, list):
            log.info("told what was waiting", extra={"findings": self.announcer.announce_waiting()})
            return failures_of(set())
        for record in records:
            key = self.changed(record)
            if key is None:
                continue
            try:
                channels = self.announcer.announce(key)
            except Exception:
                log.exception("announcement failed", extra={"subject": key.subject_arn, "rule": key.rule_id})
                return failures_of({str(record["dynamodb"]["SequenceNumber"])})
            if channels:
                log.info("told", extra={"subject": key.subject_arn, "rule": key.rule_id, "channels": channels})
        return failures_of(set())
