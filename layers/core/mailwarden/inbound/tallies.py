"""Batches of what is counted and noted: failed deliveries, events of mails, and notices of SES."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailwarden.domain.mail_events import MailEvent
from mailwarden.inbound.batches import NOT_UNDERSTOOD, Failures, Log, Message, failures_of, messages_of, refuse
from mailwarden.inbound.failure_tallies import FailureTallies
from mailwarden.inbound.failures import FailedDelivery
from mailwarden.inbound.mail_tallies import MailTallies
from mailwarden.inbound.notice_tallies import NoticeTallies
from mailwarden.inbound.ses_messages import NothingToCount
from mailwarden.inbound.ses_notices import SaidBySes
from mailwarden.inbound.signals import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyBatch:
    """Messages of either queue, told apart by what they hold and by the way they came."""

    understand: Callable[[Message], Signal]
    failures: FailureTallies
    mail: MailTallies
    notices: NoticeTallies

    def handle(self, event: Mapping[str, object], *, log: Log) -> Failures:
        """Count and note the records of one invocation."""
        failed: set[str] = set()
        deliveries: list[tuple[str, FailedDelivery]] = []
        events: list[tuple[str, MailEvent]] = []
        notices: list[tuple[str, SaidBySes]] = []
        others: Counter[str] = Counter()
        for message in messages_of(event):
            try:
                signal = self.understand(message)
            except NOT_UNDERSTOOD as error:
                refuse(log, message.message_id, error)
                failed.add(message.message_id)
                continue
            match signal:
                case FailedDelivery():
                    deliveries.append((message.message_id, signal))
                case MailEvent():
                    events.append((message.message_id, signal))
                case SaidBySes():
                    notices.append((message.message_id, signal))
                case NothingToCount(what=what):
                    others[what] += 1
        failed |= self.failures.count(deliveries, log=log)
        failed |= self.mail.count(events, log=log)
        failed |= self.notices.keep(notices, log=log)
        if others:
            log.info("nothing to count", extra={"messages": dict(others)})
        return failures_of(failed)
