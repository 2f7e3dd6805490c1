"""The three ways in which SES's own words reach a queue: by EventBridge, in an envelope of SNS, and as they are.

Nearly every member may be missing, null or of another type, so what is read here is a text, an object, a time, or
nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from re import compile as pattern

from mailwarden.documents.reader import JsonObject, shown, text_in, time_in
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent
from mailwarden.queue_messages.codec import MalformedMessage, json_object

SOURCE = "aws.ses"
# What SES publishes to a topic as soon as it becomes an event destination.
_VALIDATED = "Successfully validated SNS topic"
_NOTIFICATION = "Notification"
# The other types of SNS messages (SNS guide, "HTTP/HTTPS notification JSON format"): nothing but a subscription.
_SUBSCRIPTIONS = frozenset({"SubscriptionConfirmation", "UnsubscribeConfirmation"})
_REGION = pattern(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToCount:
    """A message that is what it should be and concerns nobody; ``what`` it is ends in the log."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwrapped:
    """The document that a message holds; whether it came in an envelope of SNS, and when that was written."""

    document: JsonObject
    by_topic: bool = False
    sent_at: datetime | None = None


def unwrapped(body: str) -> Unwrapped | NothingToCount:
    """Take the envelope of SNS off, where there is one; raises MalformedMessage.

    Without "raw message delivery" the body is SNS's JSON, and what was published is a text in it (SNS guide,
    "Amazon SNS raw message delivery"). With it, what a topic's publisher wrote looks like any other body.
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
        raise MalformedMessage("the SNS notification has no text in its Message")
    if published.startswith(_VALIDATED):
        return NothingToCount(what="validation of a topic")
    return Unwrapped(document=json_object(published), by_topic=True, sent_at=time_in(document, "Timestamp"))


def region_of(envelope: JsonObject) -> str:
    """The region of an event's envelope; raises MalformedEvent."""
    region = text_in(envelope, "region")
    if region is None or _REGION.fullmatch(region) is None:
        raise MalformedEvent(f"event.region is {shown(envelope.get('region'))}, which is no region")
    return region


def refuse_foreign(envelope: JsonObject, *, account: str) -> None:
    """Raise ForeignEvent for an event of EventBridge that is another account's or not of SES."""
    expected = {"source": SOURCE, "account": account}
    for member, accepted in expected.items():
        if envelope.get(member) != accepted:
            raise ForeignEvent(f"event.{member} is {shown(envelope.get(member))}, not {accepted!r}")
