"""The tag with which an owner keeps Mailwarden's hands, or its voice, off a pool or an identity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mailwarden.domain.readings import Unreadable

EXEMPTION_TAG = "mailwarden"
_UNTIL = re.compile(r"\buntil=(\d{4}-\d{2}-\d{2})\b")
_REASON = re.compile(r"\breason=(.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotExempt:
    """Nothing asks us to keep away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOnly:
    """Findings are announced, nothing is repaired."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Findings are recorded as exempt and neither announced nor repaired."""

    because: str


type Exemption = NotExempt | ReportOnly | Silent


def exemption_of(tags: Mapping[str, str] | Unreadable, *, today: date) -> Exemption:
    """Read the tag ``mailwarden`` = ``off`` or ``report``, optionally ``until=YYYY-MM-DD reason=…`` in the same value.

    Tags that cannot be read, a word or a date that cannot be understood: nothing is repaired. An expired exemption no
    longer counts; the day named by ``until`` is its last.
    """
    if isinstance(tags, Unreadable):
        return ReportOnly(because=f"its tags could not be read ({tags})")
    value = tags.get(EXEMPTION_TAG)
    if value is None:
        return NotExempt()
    words = value.split()
    word = words[0].lower() if words else ""
    until = _UNTIL.search(value)
    if until is not None:
        try:
            last_day = date.fromisoformat(until[1])
        except ValueError:
            return ReportOnly(because=f"tag {EXEMPTION_TAG} has until={until[1]}, which is not a date")
        if today > last_day:
            return NotExempt()
    elif "until=" in value:
        return ReportOnly(because=f"tag {EXEMPTION_TAG}={value!r}: until= is not followed by YYYY-MM-DD")
    reason = _REASON.search(value)
    told = f"tag {EXEMPTION_TAG}={word}" + (f" ({reason[1].strip()})" if reason else "")
    match word:
        case "off":
            return Silent(because=told)
        case "report":
            return ReportOnly(because=told)
        case _:
            return ReportOnly(because=f"tag {EXEMPTION_TAG}={value!r} starts with neither 'off' nor 'report'")
