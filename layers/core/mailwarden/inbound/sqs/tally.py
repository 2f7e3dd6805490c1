"""Handles batches of delivery failures, mail events, and SES notices."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailwarden.domain.reputation.mail_events import MailEvent
from mailwarden.inbound.cloudtrail.delivery_failures import FailedDelivery
from mailwarden.inbound.ses.envelopes import NothingToCount
from mailwarden.inbound.ses.notices import SesStatement
from mailwarden.inbound.ses.signals import Signal
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.batch import NOT_UNDERSTOOD, Failures, Log, SqsRecord, failures_of, records_of, refuse
from mailwarden.inbound.sqs.tally_delivery_failures import FailureTallies
from mailwarden.inbound.sqs.tally_mail_events import MailEventTallies
from mailwarden.inbound.sqs.tally_notices import NoticeTallies


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyBatch:
    """Messages of either queue, classified by content and by route; ``backoff`` is that of a queue, by its ARN."""

    understand: Callable[[SqsRecord], Signal]
    failures: FailureTallies
    mail: MailEventTallies
    notices: NoticeTallies
    backoff: Callable[[str], Backoff]

    def handle(self, event: Mapping[str, object], *, log: Log) -> Failures:
        """Count and record the messages of one invocation."""
        failed: set[str] = set()
        hopeless: set[str] = set()
        records = tuple(records_of(event))
        deliveries: list[tuple[str, FailedDelivery]] = []
        events: list[tuple[str, MailEvent]] = []
        notices: list[tuple[str, SesStatement]] = []
        others: Counter[str] = Counter()
        for message in records:
            try:
                signal = self.understand(message)
            except NOT_UNDERSTOOD as error:
                refuse(log, message.message_id, error)
                hopeless.add(message.message_id)
                continue
            except Exception:
                # A batch has hundreds of messages, which any internet user may cause.
                log.exception("signal failed", extra={"message_id": message.message_id})
                failed.add(message.message_id)
                continue
            match signal:
                case FailedDelivery():
                    deliveries.append((message.message_id, signal))
                case MailEvent():
                    events.append((message.message_id, signal))
                case SesStatement():
                    notices.append((message.message_id, signal))
                case NothingToCount(what=what):
                    others[what] += 1
        failed |= self.failures.count(deliveries, log=log)
        failed |= self.mail.count(events, log=log)
        failed |= self.notices.keep(notices, log=log)
        if others:
            log.info("nothing to count", extra={"messages": dict(others)})
        if not records:
            return failures_of(set())
        # A batch is of one queue: each of them has an event source mapping of its own.
        backoff = self.backoff(records[0].queue)
        # A message that can never be counted reaches the dead-letter queue, and its alarm, without a wait.
        return backoff.failures_of(records, failed | hopeless, log=log, at_once=frozenset(hopeless))
