"""CloudTrail trails, and whether one of them records a service's writes: otherwise EventBridge gets no events.

Selectors are evaluated as in CloudTrail (CloudTrail API reference, AdvancedFieldSelector and EventSelector): a trail
records events that match at least one of its selectors, and a selector matches events that match all of its fields.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from mailwarden.domain.readings import Unreadable
from mailwarden.message import Message, message

_CATEGORY = "eventCategory"
_READ_ONLY = "readOnly"
_SOURCE = "eventSource"
_TYPE = "eventType"
# The category of every API call; the record of a write has readOnly false.
_OF_A_WRITE = {_CATEGORY: "Management", _READ_ONLY: "false", _TYPE: "AwsApiCall"}


class Recording(StrEnum):
    """Whether the writes of a service are recorded."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSelector:
    """The conditions on one field of a record, by operator."""

    field: str
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    not_equals: tuple[str, ...] = ()
    not_starts_with: tuple[str, ...] = ()
    not_ends_with: tuple[str, ...] = ()

    def takes(self, value: str) -> bool:
        """Whether a value matches: one of the wanted values, and none of the unwanted."""
        wanted = (*_hits(value, self.equals, self.starts_with, self.ends_with),)
        unwanted = (*_hits(value, self.not_equals, self.not_starts_with, self.not_ends_with),)
        return (any(wanted) or not wanted) and not any(unwanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSelector:
    """One selector: it matches events that match all its fields, including duplicate fields."""

    fields: tuple[FieldSelector, ...]

    def takes_writes_of(self, source: str) -> Recording:
        """Whether it matches every write of a service, by event source; UNKNOWN if other fields narrow it."""
        known = {**_OF_A_WRITE, _SOURCE: source}
        if not all(each.takes(known[each.field]) for each in self.fields if each.field in known):
            return Recording.NO
        narrowed = any(each.field not in known for each in self.fields)
        return Recording.UNKNOWN if narrowed else Recording.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """One trail as a region sees it; ``global_events``: it also records the calls of IAM."""

    arn: str
    home_region: str
    multi_region: bool
    organization: bool
    global_events: bool
    logging: bool | Unreadable
    selectors: tuple[EventSelector, ...] | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Whether a trail records the writes of a service in a region; ``because`` explains a no or an unknown."""

    recording: Recording
    reason: Message | None = None


IAM = "iam.amazonaws.com"


def heard_by(trail: Trail, source: str, region: str) -> Heard:
    """Whether one trail records the writes of *source* in *region*."""
    if not trail.multi_region and trail.home_region != region:
        return Heard(recording=Recording.NO, reason=message("trail.one-region", region=trail.home_region))
    if trail.logging is False:
        return Heard(recording=Recording.NO, reason=message("trail.stopped"))
    if source == IAM and not trail.global_events:
        return Heard(recording=Recording.NO, reason=message("trail.no-global-services"))
    if isinstance(trail.selectors, Unreadable):
        return Heard(recording=Recording.UNKNOWN, reason=_unread(trail, trail.selectors))
    taken = _strongest(selector.takes_writes_of(source) for selector in trail.selectors)
    if taken is Recording.NO:
        return Heard(recording=Recording.NO, reason=message("trail.leaves-out", sources=(source,)))
    if isinstance(trail.logging, Unreadable):
        return Heard(recording=Recording.UNKNOWN, reason=_unread(trail, trail.logging))
    if taken is Recording.UNKNOWN:
        return Heard(recording=Recording.UNKNOWN, reason=message("trail.takes-some", sources=(source,)))
    return Heard(recording=Recording.YES)


def _unread(trail: Trail, refusal: Unreadable) -> Message:
    of_the_organization = "trail.organization-unreadable" if trail.organization else "trail.unreadable"
    return message(of_the_organization, refusal=refusal.message)


def _strongest(answers: Iterable[Recording]) -> Recording:
    given = frozenset(answers)
    return next((each for each in (Recording.YES, Recording.UNKNOWN) if each in given), Recording.NO)


def _hits(value: str, equal: tuple[str, ...], start: tuple[str, ...], end: tuple[str, ...]) -> Iterable[bool]:
    tests: tuple[tuple[Callable[[str], bool], tuple[str, ...]], ...] = (
        (value.__eq__, equal),
        (value.startswith, start),
        (value.endswith, end),
    )
    return [test(one) for test, ones in tests for one in ones]
