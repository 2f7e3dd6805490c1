"""Reads the three forms of SES messages: an EventBridge event, an SNS envelope, and a raw record.

Nearly every member may be missing, null or of another type, so each read returns a text, an object, a time, or nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from mailwarden.documents.faults import shown, wrong
from mailwarden.documents.reader import JsonObject, text_in, time_in
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent
from mailwarden.message import message
from mailwarden.queue_messages.codec import MalformedMessage, json_object
from mailwarden.region_names import is_region

SOURCE = "aws.ses"
# SES publishes this text to a topic that becomes an event destination.
_VALIDATED = "Successfully validated SNS topic"
_NOTIFICATION = "Notification"
# The other types of SNS messages (SNS guide, "HTTP/HTTPS notification JSON format"): only about subscriptions.
_SUBSCRIPTIONS = frozenset({"SubscriptionConfirmation", "UnsubscribeConfirmation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToCount:
    """A valid message without anything to count; ``what`` describes it in the log."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwrapped:
    """The document in a message; whether it came in an SNS envelope, and the envelope's time."""

    document: JsonObject
    by_topic: bool = False
    sent_at: datetime | None = None


def unwrapped(body: str) -> Unwrapped | NothingToCount:
    """Remove the SNS envelope, if there is one; raises MalformedMessage.

    Without "raw message delivery" the body is SNS's JSON, and the published message is a text in it (SNS guide,
    "Amazon SNS raw message delivery"). With it, a message of the topic's publisher looks like any other body.
    """
    if body.startswith(_VALIDATED):
        return NothingToCount(what="validation of a topic")
    document = json_object(body)
    kind, published = text_in(document, "Type") or "", document.get("Message")
    if kind in _SUBSCRIPTIONS:
        return NothingToCount(what=kind)
    if kind != _NOTIFICATION:
        return Unwrapped(document=document)
    if not isinstance(published, str):
        raise MalformedMessage(wrong("notification.Message", published, message("expected.text")))
    if published.startswith(_VALIDATED):
        return NothingToCount(what="validation of a topic")
    return Unwrapped(document=json_object(published), by_topic=True, sent_at=time_in(document, "Timestamp"))


def region_of(envelope: JsonObject) -> str:
    """The region of an event's envelope; raises MalformedEvent."""
    region = text_in(envelope, "region")
    if region is None or not is_region(region):
        raise MalformedEvent(wrong("event.region", envelope.get("region"), message("expected.region")))
    return region


def refuse_foreign(envelope: JsonObject, *, account: str) -> None:
    """Raise ForeignEvent for an EventBridge event of another account or another source than SES."""
    expected = {"source": SOURCE, "account": account}
    for member, accepted in expected.items():
        if envelope.get(member) != accepted:
            raise ForeignEvent(wrong(f"event.{member}", envelope.get(member), shown(accepted)))
