"""SES's events about one message, in the form of event publishing and of feedback notifications.

Sources: SES Developer Guide, "Examples of event data that Amazon SES publishes to Amazon SNS", "Amazon SNS
notification contents for Amazon SES" and "Monitoring SES events using Amazon EventBridge".
"""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.mail import emulator
from sandbox.mail.feedback.recipients import Outcome


class EventKind(StrEnum):
    """The kinds of events; values are those of `eventType`, names those of `MatchingEventTypes`."""

    SEND = "Send"
    DELIVERY = "Delivery"
    BOUNCE = "Bounce"
    COMPLAINT = "Complaint"
    REJECT = "Reject"
    RENDERING_FAILURE = "Rendering Failure"
    DELIVERY_DELAY = "DeliveryDelay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a message."""

    kind: EventKind
    content: Mapping[str, object] = field(default_factory=dict)

    @property
    def content_name(self) -> str:
        """The member of the record that holds the content."""
        other = {EventKind.RENDERING_FAILURE: "failure", EventKind.DELIVERY_DELAY: "deliveryDelay"}
        return other.get(self.kind, self.kind.value.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """The members of a record about the message itself."""

    message_id: str
    sent: float
    source: str
    source_arn: str
    account: str
    recipient: str
    subject: str
    reply_to: str | None
    tags: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounce:
    type: str
    subtype: str
    status: str
    diagnosis: str


_BOUNCES = {
    Outcome.BOUNCE: _Bounce(
        type="Permanent", subtype="General", status="5.1.1", diagnosis="smtp; 550 5.1.1 user unknown"
    ),
    Outcome.SOFT_BOUNCE: _Bounce(
        type="Transient", subtype="General", status="4.4.7", diagnosis="smtp; 550 4.4.7 message expired"
    ),
    Outcome.AUTOMATIC_REPLY: _Bounce(
        type="Transient", subtype="General", status="4.0.0", diagnosis="smtp; automatic reply"
    ),
    Outcome.SUPPRESSED_GLOBALLY: _Bounce(
        type="Permanent",
        subtype="Suppressed",
        status="5.1.1",
        diagnosis="Amazon SES has suppressed sending to this address because it has a recent history of bouncing as "
        "an invalid address.",
    ),
    Outcome.SUPPRESSED_BY_ACCOUNT: _Bounce(
        type="Permanent",
        subtype="OnAccountSuppressionList",
        status="5.1.1",
        diagnosis="Amazon SES did not send the message to this address because it is on the suppression list for "
        "your account.",
    ),
}
_DELIVERED = frozenset({Outcome.DELIVERED, Outcome.COMPLAINT, Outcome.AUTOMATIC_REPLY})
_NOT_SENT = frozenset({Outcome.REJECT, Outcome.RENDERING_FAILURE})
_MTA = "a1-1.smtp-out.amazonses.com"


def arrives(outcome: Outcome) -> bool:
    """Whether the recipient finally gets the message; a delayed one is assumed to keep waiting."""
    return outcome in _DELIVERED


def events_of(outcome: Outcome, recipient: str) -> Sequence[Event]:
    """SES's events about a message with this fate, in order.

    SES "will attempt to deliver" a message with a Send event, so a rejected or unrendered message has none.
    """
    now = _timestamp(time.time())
    events = [] if outcome in _NOT_SENT else [Event(kind=EventKind.SEND)]
    if outcome in _DELIVERED:
        events.append(_delivery(recipient, now))
    if outcome in _BOUNCES:
        events.append(_bounce(_BOUNCES[outcome], recipient, now))
    if outcome is Outcome.COMPLAINT:
        events.append(_complaint(recipient, now))
    if outcome is Outcome.REJECT:
        events.append(Event(kind=EventKind.REJECT, content={"reason": "Bad content"}))
    if outcome is Outcome.RENDERING_FAILURE:
        said = "Attribute 'name' is not present in the rendering data."
        failure = {"templateName": "template", "errorMessage": said}
        events.append(Event(kind=EventKind.RENDERING_FAILURE, content=failure))
    if outcome is Outcome.DELAY:
        events.append(_delay(recipient, now))
    return events


def record(event: Event, headers: Headers) -> emulator.Json:
    """Write the record of event publishing, which EventBridge carries as `detail`."""
    return {
        "eventType": event.kind.value,
        "mail": _mail(headers)
        | {
            "headersTruncated": False,
            "headers": [
                {"name": "From", "value": headers.source},
                {"name": "To", "value": headers.recipient},
                {"name": "Subject", "value": headers.subject},
                *([{"name": "Reply-To", "value": headers.reply_to}] if headers.reply_to else []),
            ],
            "commonHeaders": {
                "from": [headers.source],
                "to": [headers.recipient],
                "messageId": headers.message_id,
                "subject": headers.subject,
                **({"replyTo": [headers.reply_to]} if headers.reply_to else {}),
            },
            "tags": {name: list(values) for name, values in headers.tags.items()},
        },
        event.content_name: dict(event.content),
    }


def notification(event: Event, headers: Headers) -> emulator.Json:
    """Write the notification of an identity's feedback topic: no tags, and no headers unless asked for."""
    return {
        "notificationType": event.kind.value,
        event.content_name: dict(event.content) | ({"remoteMtaIp": "127.0.2.0"} if _from_outside(event) else {}),
        "mail": _mail(headers) | {"sourceIp": "127.0.3.0", "callerIdentity": headers.tags["ses:caller-identity"][0]},
    }


def _from_outside(event: Event) -> bool:
    return event.kind is EventKind.DELIVERY


def _mail(headers: Headers) -> emulator.Json:
    return {
        "timestamp": _timestamp(headers.sent),
        "source": headers.source,
        "sourceArn": headers.source_arn,
        "sendingAccountId": headers.account,
        "messageId": headers.message_id,
        "destination": [headers.recipient],
    }


def _delivery(recipient: str, now: str) -> Event:
    content = {
        "timestamp": now,
        "processingTimeMillis": 546,
        "recipients": [recipient],
        "smtpResponse": "250 2.6.0 Message received",
        "reportingMTA": _MTA,
    }
    return Event(kind=EventKind.DELIVERY, content=content)


def _bounce(bounce: _Bounce, recipient: str, now: str) -> Event:
    bounced = {
        "emailAddress": recipient,
        "action": "failed",
        "status": bounce.status,
        "diagnosticCode": bounce.diagnosis,
    }
    content = {
        "feedbackId": _feedback_id(),
        "bounceType": bounce.type,
        "bounceSubType": bounce.subtype,
        "bouncedRecipients": [bounced],
        "timestamp": now,
        "reportingMTA": f"dns; {_MTA}",
    }
    return Event(kind=EventKind.BOUNCE, content=content)


def _complaint(recipient: str, now: str) -> Event:
    content = {
        "feedbackId": _feedback_id(),
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": recipient}],
        "timestamp": now,
        "userAgent": "AnyCompany Feedback Loop (V0.01)",
        "complaintFeedbackType": "abuse",
        "arrivalDate": now,
    }
    return Event(kind=EventKind.COMPLAINT, content=content)


def _delay(recipient: str, now: str) -> Event:
    delayed = {"emailAddress": recipient, "status": "4.4.1", "diagnosticCode": "smtp; 421 4.4.1 unable to connect"}
    content = {
        "timestamp": now,
        "delayType": "TransientCommunicationFailure",
        "expirationTime": _timestamp(time.time() + 12 * 3600),
        "delayedRecipients": [delayed],
    }
    return Event(kind=EventKind.DELIVERY_DELAY, content=content)


def _feedback_id() -> str:
    return f"{emulator.new_id()}-000000"


def _timestamp(moment: float) -> str:
    return dt.datetime.fromtimestamp(moment, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
