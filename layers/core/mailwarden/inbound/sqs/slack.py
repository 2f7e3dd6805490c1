"""Handles batches of the chat queue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailwarden.domain.incidents.chat_route import AlertFacts
from mailwarden.domain.incidents.chat_thread import IncidentVersion
from mailwarden.inbound.sqs.batch import NOT_UNDERSTOOD, Failures, Log, SqsRecord, records_of, refuse
from mailwarden.message import Message, logged
from mailwarden.ports.findings.message_visibility import MessageVisibility
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater
from mailwarden.presentation.alerts.document import notice_from_body
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.slack.message import slack_message
from mailwarden.presentation.slack.reply import slack_reply
from mailwarden.service.findings.slack_delivery import ChatAlert, ChatMessage, SlackDelivery

# In seconds; a function of a queue runs for a minute at most.
_LONGEST_PAUSE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTexts:
    """Implements ``AlertTexts`` of a notice, in the language of the deployment."""

    notice: Notice

    def whole(self, note: Message | None = None) -> object:
        """The alert."""
        return slack_message(self.notice, note=note)

    def reply(self, pools_before: int) -> object:
        """The news of this version."""
        return slack_reply(self.notice, pools_before=pools_before)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackBatch:
    """Alerts, those of an incident in order; sets the visibility timeout of failed messages.

    When Slack asks for a wait, the invocation waits as well (``sleep``, in seconds): otherwise alerts of other
    incidents would be received and refused in turn, until they are in the dead-letter queue.

    Use a batch size of one: SQS counts every message of a batch as received, even one that had to wait, and the count
    decides when a message moves to the dead-letter queue.
    """

    delivery: SlackDelivery
    visibility: MessageVisibility
    sleep: Callable[[float], object]

    def handle(self, event: Mapping[str, object], *, log: Log) -> Failures:
        """Deliver the records of one invocation in order; returns the failed ones, which SQS delivers again."""
        records = {record.message_id: record for record in records_of(event)}
        notices = {message_id: _notice(record, log) for message_id, record in records.items()}
        messages = [_chat_message(record, notices[message_id]) for message_id, record in records.items()]
        named = {message_id: _named(message_id, notice) for message_id, notice in notices.items()}
        waits: dict[str, int] = {}
        pause = 0
        for delivery in self.delivery.deliver(messages, failed=_report_to(log, named)):
            message_id = delivery.message.message_id
            _log_answer(delivery.answer, named[message_id], log)
            if delivery.wait is not None:
                waits[message_id] = delivery.wait
                pause = max(pause, _asked_wait(delivery.answer))
        for code in self.visibility.hide({records[message_id].receipt: wait for message_id, wait in waits.items()}):
            log.error("wait not set", extra={"reason": code})
        if pause:
            self.sleep(min(pause, _LONGEST_PAUSE))
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in waits]}


def _asked_wait(answer: PostResult | None) -> int:
    return (answer.after or 0) if isinstance(answer, RetryLater) else 0


def _notice(record: SqsRecord, log: Log) -> Notice | None:
    try:
        return notice_from_body(record.body)
    except NOT_UNDERSTOOD as error:
        refuse(log, record.message_id, error)
        return None
    except Exception:
        log.exception("alert failed", extra={"message_id": record.message_id})
        return None


def _chat_message(record: SqsRecord, notice: Notice | None) -> ChatMessage:
    return ChatMessage(
        message_id=record.message_id,
        alert=None if notice is None else _chat_alert(notice),
        received=record.received,
    )


def _chat_alert(notice: Notice) -> ChatAlert:
    regions = () if notice.incident is None else notice.incident.regions
    return ChatAlert(
        moment=_moment_of(notice),
        facts=AlertFacts(
            severity=notice.severity,
            rule_id=notice.rule_id,
            regions=frozenset(regions or ((notice.pool or notice.subject).region,)),
            tags=frozenset(notice.application.items()),
        ),
        texts=NoticeTexts(notice=notice),
    )


def _moment_of(notice: Notice) -> IncidentVersion:
    """The incident and its version; of an alert of an earlier version, the subject and the rule."""
    known = notice.incident
    return IncidentVersion(
        incident=f"{notice.subject.arn} {notice.rule_id}" if known is None else known.incident_id,
        opened_at=notice.opened_at if known is None else known.opened_at,
        version=notice.version,
        pools=notice.affected_count,
    )


def _named(message_id: str, notice: Notice | None) -> Mapping[str, object]:
    alert = {} if notice is None else {"alert_id": notice.alert_id, "rule": notice.rule_id}
    return {"message_id": message_id, **alert}


def _report_to(log: Log, named: Mapping[str, Mapping[str, object]]) -> Callable[[ChatMessage], None]:
    def report(message: ChatMessage) -> None:
        extra = named[message.message_id]
        log.exception("delivery failed", extra=extra)  # noqa: LOG004 - called while the error is handled

    return report


def _log_answer(answer: PostResult | None, named: Mapping[str, object], log: Log) -> None:
    match answer:
        case Delivered(is_past=is_past):
            log.info("alert is shown already" if is_past else "alert delivered", extra=named)
        case RetryLater(reason=reason, after=after):
            log.info("alert waits", extra={**named, "reason": logged(reason), "asked_to_wait": after})
        case Rejected(reason=reason):
            log.error("alert refused", extra={**named, "reason": logged(reason)})
        case None:
            return
