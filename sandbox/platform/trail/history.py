"""Answers LookupEvents as CloudTrail does: late, newest first, page by page, by one attribute.

"Currently the list can contain only one item"; "The default number of results returned is 50, with a maximum of 50
possible"; "The events list is sorted by time. The most recent event is listed first" (CloudTrail API reference,
LookupEvents). An event appears minutes after its call; here after seconds.
"""

import json
import time
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from sandbox.control import ControlError, Json, Route

_MOST = 50
_ATTRIBUTES: Mapping[str, str] = {
    "EventId": "EventId",
    "EventName": "EventName",
    "ReadOnly": "ReadOnly",
    "Username": "Username",
    "EventSource": "EventSource",
    "AccessKeyId": "AccessKeyId",
}
_RESOURCES: Mapping[str, str] = {"ResourceName": "ResourceName", "ResourceType": "ResourceType"}
_delay = 2.0


def install() -> None:
    """Put it in the place of the emulator's own look-up, which has neither pages nor a delay."""
    from ministack.services import cloudtrail

    cloudtrail._DISPATCH["LookupEvents"] = _look_up


def _look_up(body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    from ministack.services import cloudtrail

    attributes = body.get("LookupAttributes") or []
    if len(attributes) > 1 or any(each.get("AttributeKey") not in {*_ATTRIBUTES, *_RESOURCES} for each in attributes):
        return _refused("InvalidLookupAttributesException", "You can specify only one lookup attribute.")
    most = body.get("MaxResults", _MOST)
    if not isinstance(most, int) or not 1 <= most <= _MOST:
        return _refused("InvalidMaxResultsException", "MaxResults must be between 1 and 50.")
    start, end = (None if body.get(name) is None else float(body[name]) for name in ("StartTime", "EndTime"))
    if start is not None and end is not None and start > end:
        return _refused("InvalidTimeRangeException", "The start time must be before the end time.")
    question = sha256(json.dumps([attributes, start, end, most], sort_keys=True).encode()).hexdigest()[:16]
    asked, _, place = str(body.get("NextToken") or f"{question}.0").partition(".")
    if asked != question or not place.isdecimal():
        return _refused("InvalidNextTokenException", "The token is not valid for this request.")
    shown = [
        event
        for event in cloudtrail._get_event_queue()
        if event["EventTime"] <= time.time() - _delay
        and (start is None or event["EventTime"] >= start)
        and (end is None or event["EventTime"] <= end)
        and all(_fits(event, each["AttributeKey"], each["AttributeValue"]) for each in attributes)
    ]
    shown.sort(key=lambda event: event["EventTime"], reverse=True)
    begin = int(place)
    more = begin + most < len(shown)
    answer: tuple[int, dict[str, str], bytes] = cloudtrail._ok(
        {"Events": shown[begin : begin + most], **({"NextToken": f"{question}.{begin + most}"} if more else {})}
    )
    return answer


def _refused(code: str, text: str) -> tuple[int, dict[str, str], bytes]:
    from ministack.services import cloudtrail

    refusal: tuple[int, dict[str, str], bytes] = cloudtrail._err(code, text)
    return refusal


def _fits(event: Mapping[str, Any], key: str, value: str) -> bool:
    if key in _RESOURCES:
        return any(resource.get(key) == value for resource in event.get("Resources", ()))
    return bool(event.get(_ATTRIBUTES[key]) == value)


def _delayed(_path: Mapping[str, str], body: Json, _query: Mapping[str, str]) -> Json:
    seconds = body.get("delay_seconds") if isinstance(body, dict) else None
    if not isinstance(seconds, int | float):
        raise ControlError(HTTPStatus.BAD_REQUEST, 'the delay of LookupEvents is set with {"delay_seconds": 2}')
    global _delay  # noqa: PLW0603 - one process is one sandbox
    _delay = float(seconds)
    return {"delay_seconds": _delay}


def routes() -> tuple[Route, ...]:
    """The control routes."""
    return (
        Route(
            "POST",
            "/_sandbox/trail/history",
            _delayed,
            "Set after how many seconds LookupEvents shows a call (2; CloudTrail takes minutes).",
            body={"delay_seconds": 2},
        ),
    )
