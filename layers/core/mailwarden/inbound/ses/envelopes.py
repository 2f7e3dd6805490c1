"""Reads the three forms of SES messages: an EventBridge event, an SNS envelope, and a raw record.

Nearly every member may be missing, null or of another type, so each read returns a text, an object, a time, or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from re import compile as pattern

from mailwarden.domain.repair.change_documents import MalformedDocument, time_from_text
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent
from mailwarden.queue_messages.codec import MalformedMessage, json_object

type Json = Mapping[str, object]

SOURCE = "aws.ses"
# SES publishes this text to a topic that becomes an event destination.
_VALIDATED = "Successfully validated SNS topic"
_NOTIFICATION = "Notification"
# The other types of SNS messages (SNS guide, "HTTP/HTTPS notification JSON format"): only about subscriptions.
_SUBSCRIPTIONS = frozenset({"SubscriptionConfirmation", "UnsubscribeConfirmation"})
_REGION = pattern(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToCount:
    """A valid message without anything to count; ``what`` describes it in the log."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwrapped:
    """The document in a message; whether it came in an SNS envelope, and the envelope's time."""

    document: Json
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
        raise MalformedMessage("the SNS notification has no text in its Message")
    if published.startswith(_VALIDATED):
        return NothingToCount(what="validation of a topic")
    return Unwrapped(document=json_object(published), by_topic=True, sent_at=time_in(document, "Timestamp"))


def region_of(envelope: Json) -> str:
    """The region of an event's envelope; raises MalformedEvent."""
    region = text_in(envelope, "region")
    if region is None or _REGION.fullmatch(region) is None:
        raise MalformedEvent(f"event.region is {shown(envelope.get('region'))}, which is no region")
    return region


def refuse_foreign(envelope: Json, *, account: str) -> None:
    """Raise ForeignEvent for an EventBridge event of another account or another source than SES."""
    expected = {"source": SOURCE, "account": account}
    for member, accepted in expected.items():
        if envelope.get(member) != accepted:
            raise ForeignEvent(f"event.{member} is {shown(envelope.get(member))}, not {accepted!r}")


def object_in(values: Json, name: str) -> Json:
    """An object; empty if absent."""
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def text_in(values: Json, name: str) -> str | None:
    """A non-empty text, or None."""
    value = values.get(name)
    return value if isinstance(value, str) and value else None


def first_text_in(values: Json, name: str) -> str | None:
    """The first text of a list, or the text itself."""
    value = values.get(name)
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, str) and first else None


def time_in(values: Json, name: str) -> datetime | None:
    """A time in UTC, written in ISO 8601 with its offset."""
    value = text_in(values, name)
    if value is None:
        return None
    try:
        return time_from_text(value).astimezone(UTC)
    except (MalformedDocument, OverflowError):
        return None


def shown(value: object) -> str:
    """The value, shortened: it comes from outside and ends in a log line."""
    return repr(value)[:_SHOWN] if isinstance(value, str | int | float | None) else f"a {type(value).__name__}"
