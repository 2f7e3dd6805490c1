"""Turns SES's EventBridge events about an account and its resources into notices.

AWS documents little more than the names of these events (SES guide, "Monitoring SES events using Amazon EventBridge"
and "Managing tenants"). So the resources are used as named, and the text comes from any readable member.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from re import compile as pattern

from mailwarden.documents.faults import wrong
from mailwarden.documents.reader import JsonObject, object_in, text_in, time_in
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.feedback import NoticeKind, SesNotice
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent
from mailwarden.inbound.ses.envelopes import refuse_foreign, region_of
from mailwarden.masking import masked
from mailwarden.message import message
from mailwarden.presentation.masking import one_line

# Each kind of event, the subject of its notice, and whether the notice stays open after it. AWS's pages use two names
# for the end of a recommendation.
DETAIL_TYPES = {
    "Sending Status Disabled": (NoticeKind.SENDING_DISABLED, True),
    "Sending Status Enabled": (NoticeKind.SENDING_DISABLED, False),
    "Advisor Recommendation Status Open": (NoticeKind.RECOMMENDATION, True),
    "Advisor Recommendation Status Resolved": (NoticeKind.RECOMMENDATION, False),
    "Advisor Recommendation Status Closed": (NoticeKind.RECOMMENDATION, False),
}
_ARN = pattern(r"arn:aws[a-z-]*:ses:[a-z0-9-]*:(?P<account>[0-9]{12}):[!-~]{1,400}")
_TYPE_NAMES = ("type", "recommendationType")
# The most useful members first.
_TEXT_NAMES = (*_TYPE_NAMES, "impact", "status", "cause", "description", "message", "reason", "recommendation")
_DEEPEST = 5
_LONGEST = 200
_LONGEST_TOPIC = 60
_MOST_RESOURCES = 10
_SPEAKER = "ses.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class SesStatement:
    """One event: the notices that it opens or ends, and the event as the cause of looks."""

    notices: tuple[SesNotice, ...]
    stands: bool
    cause: Cause


def ses_statement(envelope: JsonObject, *, account: str, partition: str) -> SesStatement:
    """Read an EventBridge event; raises MalformedEvent, and ForeignEvent also for another account's resource."""
    refuse_foreign(envelope, account=account)
    name = text_in(envelope, "detail-type") or ""
    if name not in DETAIL_TYPES:
        raise ForeignEvent(wrong("event.detail-type", name, message("expected.detail-type")))
    kind, stands = DETAIL_TYPES[name]
    region, at = region_of(envelope), time_in(envelope, "time")
    if at is None:
        raise MalformedEvent(wrong("event.time", envelope.get("time"), message("expected.time")))
    ours = SesAccountRef(partition=partition, region=region, account=account)
    texts = dict(_texts(object_in(envelope, "detail")))
    topic = next((texts[member] for member in _TYPE_NAMES if member in texts), "")
    return SesStatement(
        notices=tuple(
            SesNotice(
                account=ours,
                kind=kind,
                about=about,
                text=_text(texts),
                at=at,
                topic=_clean(topic, _LONGEST_TOPIC) if kind is NoticeKind.RECOMMENDATION else "",
            )
            for about in _resources(envelope, account=account) or (ours.arn,)
        ),
        stands=stands,
        cause=Cause(
            event_name=name,
            event_id=_clean(text_in(envelope, "id") or "unknown", _LONGEST),
            actor=_SPEAKER,
            user_agent=_SPEAKER,
            region=region,
            at=at,
        ),
    )


def _resources(envelope: JsonObject, *, account: str) -> tuple[str, ...]:
    """The SES ARNs that the event names, without duplicates."""
    named = envelope.get("resources")
    found: dict[str, None] = {}
    for arn in named[:_MOST_RESOURCES] if isinstance(named, list) else ():
        match = _ARN.fullmatch(arn) if isinstance(arn, str) else None
        if match is None:
            continue
        if match["account"] != account:
            raise ForeignEvent(wrong("event.resources", arn, message("expected.of-account", account=account)))
        found[arn] = None
    return tuple(found)


def _texts(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The texts in an event's detail by member name; a text may itself be JSON."""
    match value:
        case dict() if depth < _DEEPEST:
            for member, inner in value.items():
                yield from _texts(inner, str(member), depth + 1)
        case list() if depth < _DEEPEST:
            for inner in value:
                yield from _texts(inner, name, depth + 1)
        case str() if value.lstrip().startswith("{") and depth < _DEEPEST:
            try:
                document = json.loads(value)
            except (ValueError, RecursionError):
                yield name, value
            else:
                yield from _texts(document, name, depth + 1)
        case str() if value:
            yield name, value
        case _:
            return


def _text(texts: dict[str, str]) -> str:
    """A short text for the notice: a known member, or the detail's ``data``."""
    words = [texts[name] for name in _TEXT_NAMES if name in texts] or ([texts["data"]] if "data" in texts else [])
    return _clean("; ".join(words), _LONGEST)


def _clean(text: str, longest: int) -> str:
    return one_line(masked(text[: 10 * longest]), longest)
