"""Trails of CloudTrail, and whether one of them records the writes of a service: without that EventBridge is silent.

Selectors are read as CloudTrail applies them (CloudTrail API reference, AdvancedFieldSelector and EventSelector): a
trail records what at least one of its selectors takes, and a selector takes what passes all of its fields.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from mailwarden.domain.readings import Unreadable

_CATEGORY = "eventCategory"
_READ_ONLY = "readOnly"
_SOURCE = "eventSource"
_TYPE = "eventType"
# What every API call is recorded as; the record of a write has readOnly false.
_OF_A_WRITE = {_CATEGORY: "Management", _READ_ONLY: "false", _TYPE: "AwsApiCall"}


class Recording(StrEnum):
    """Whether the writes of a service are recorded."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSelector:
    """What one field of a record must be like, operator by operator."""

    field: str
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    not_equals: tuple[str, ...] = ()
    not_starts_with: tuple[str, ...] = ()
    not_ends_with: tuple[str, ...] = ()

    def takes(self, value: str) -> bool:
        """Whether a value passes: one of the wanted ones, and none of the unwanted."""
        wanted = (*_hits(value, self.equals, self.starts_with, self.ends_with),)
        unwanted = (*_hits(value, self.not_equals, self.not_starts_with, self.not_ends_with),)
        return (any(wanted) or not wanted) and not any(unwanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSelector:
    """One selector: everything that passes all its fields. A field that stands twice must pass twice."""

    fields: tuple[FieldSelector, ...]

    def takes_writes_of(self, source: str) -> Recording:
        """Whether it takes every write of a service, by its event source; UNKNOWN where other fields narrow it."""
        known = {**_OF_A_WRITE, _SOURCE: source}
        if not all(each.takes(known[each.field]) for each in self.fields if each.field in known):
            return Recording.NO
        narrowed = any(each.field not in known for each in self.fields)
        return Recording.UNKNOWN if narrowed else Recording.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """One trail as a region sees it; ``global_events``: the calls of IAM are among what it records."""

    arn: str
    home_region: str
    multi_region: bool
    organization: bool
    global_events: bool
    logging: bool | Unreadable
    selectors: tuple[EventSelector, ...] | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Whether a trail records the writes of a service in a region; ``because`` says why not, or why it is not known."""

    recording: Recording
    because: str = ""


IAM = "iam.amazonaws.com"


def heard_by(trail: Trail, source: str, region: str) -> Heard:
    """What one trail does about the writes of *source* in *region*."""
    if not trail.multi_region and trail.home_region != region:
        return Heard(recording=Recording.NO, because=f"it records {trail.home_region} only")
    if trail.logging is False:
        return Heard(recording=Recording.NO, because="its logging is stopped")
    if source == IAM and not trail.global_events:
        return Heard(recording=Recording.NO, because="it leaves out global services")
    if isinstance(trail.selectors, Unreadable):
        return Heard(recording=Recording.UNKNOWN, because=_unread(trail, trail.selectors))
    taken = _strongest(selector.takes_writes_of(source) for selector in trail.selectors)
    if taken is Recording.NO:
        return Heard(recording=Recording.NO, because=f"its event selectors leave out the writes of {source}")
    if isinstance(trail.logging, Unreadable):
        return Heard(recording=Recording.UNKNOWN, because=_unread(trail, trail.logging))
    if taken is Recording.UNKNOWN:
        return Heard(recording=Recording.UNKNOWN, because=f"its event selectors take some writes of {source} only")
    return Heard(recording=Recording.YES)


def _unread(trail: Trail, refusal: Unreadable) -> str:
    whose = "it belongs to the organization and " if trail.organization else ""
    return f"{whose}could not be read ({refusal})"


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
