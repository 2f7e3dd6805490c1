"""The tag with which an owner turns off repairs, or repairs and alerts, for a pool or an identity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mailwarden.domain.readings import Unreadable
from mailwarden.message import Message, message

EXEMPTION_TAG = "mailwarden"
_UNTIL = re.compile(r"\buntil=(\d{4}-\d{2}-\d{2})\b")
_REASON = re.compile(r"\breason=(.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotExempt:
    """No tag exempts the resource."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOnly:
    """Findings are announced and not repaired."""

    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Findings are recorded as exempt and neither announced nor repaired."""

    reason: Message


type Exemption = NotExempt | ReportOnly | Silent


def exemption_of(tags: Mapping[str, str] | Unreadable, *, today: date) -> Exemption:
    """Read the tag ``mailwarden`` = ``off`` or ``report``, optionally ``until=YYYY-MM-DD reason=…`` in the same value.

    Unreadable tags, an unknown word or a malformed date block repairs. An expired exemption no longer counts; the day
    in ``until`` is its last.
    """
    if isinstance(tags, Unreadable):
        return ReportOnly(reason=message("exemption.tags-unreadable", refusal=tags.message))
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
            return ReportOnly(reason=message("exemption.not-a-date", tag=EXEMPTION_TAG, until=until[1]))
        if today > last_day:
            return NotExempt()
    elif "until=" in value:
        return ReportOnly(reason=message("exemption.malformed-until", tag=EXEMPTION_TAG, value=value))
    match word:
        case "off":
            return Silent(reason=_tagged(word, value))
        case "report":
            return ReportOnly(reason=_tagged(word, value))
        case _:
            return ReportOnly(reason=message("exemption.unknown-word", tag=EXEMPTION_TAG, value=value))


def _tagged(word: str, value: str) -> Message:
    owners_words = _REASON.search(value)
    if owners_words is None:
        return message("exemption.tag", tag=EXEMPTION_TAG, word=word)
    return message("exemption.tag-with-reason", tag=EXEMPTION_TAG, word=word, reason=owners_words[1].strip())
