"""The tag with which an owner turns off repairs, or repairs and alerts, for a pool or an identity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mailwarden.domain.mail_path.owner_tags import EXEMPTION_TAG, misspelled_key
from mailwarden.domain.readings import Unreadable
from mailwarden.message import Message, message

_GRAMMAR = re.compile(
    r"\s*(?P<word>(?i:off|report))(?:\s+until=(?P<until>\d{4}-\d{2}-\d{2}))?(?:\s+reason=(?P<reason>.*))?\s*",
    re.ASCII | re.DOTALL,
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """A readable value; ``until`` is its last day, None for no end."""

    word: str
    until: date | None
    reason: str


def exemption_of(tags: Mapping[str, str] | Unreadable, *, today: date) -> Exemption:
    """Read the tag ``mailwarden`` = ``off`` or ``report`` [``until=YYYY-MM-DD``] [``reason=…`` to the end].

    Unreadable tags block repairs, as does any other value, and a key in other letters. An expired exemption no longer
    counts; the day in ``until`` is its last.
    """
    if isinstance(tags, Unreadable):
        return ReportOnly(reason=message("exemption.tags-unreadable", refusal=tags.message))
    flaw = unreadable_exemption(tags)
    if EXEMPTION_TAG in tags:
        wish = _read(tags[EXEMPTION_TAG])
        if isinstance(wish, _Wish) and (wish.until is None or today <= wish.until):
            return Silent(reason=_tagged(wish)) if wish.word == "off" else ReportOnly(reason=_tagged(wish))
    return NotExempt() if flaw is None else ReportOnly(reason=flaw)


def unreadable_exemption(tags: Mapping[str, str]) -> Message | None:
    """Why the exemption that *tags* mean cannot be read; None if it can, or if they mean none."""
    if EXEMPTION_TAG in tags:
        wish = _read(tags[EXEMPTION_TAG])
        if not isinstance(wish, _Wish):
            return wish
    key = misspelled_key(tags, EXEMPTION_TAG)
    return None if key is None else message("exemption.key", tag=EXEMPTION_TAG, key=key)


def _read(value: str) -> _Wish | Message:
    found = _GRAMMAR.fullmatch(value)
    if found is None:
        return message("exemption.unreadable", tag=EXEMPTION_TAG, value=value)
    until = found["until"]
    try:
        last_day = None if until is None else date.fromisoformat(until)
    except ValueError:
        return message("exemption.not-a-date", tag=EXEMPTION_TAG, until=until)
    return _Wish(word=found["word"].lower(), until=last_day, reason=(found["reason"] or "").strip())


def _tagged(wish: _Wish) -> Message:
    if not wish.reason:
        return message("exemption.tag", tag=EXEMPTION_TAG, word=wish.word)
    return message("exemption.tag-with-reason", tag=EXEMPTION_TAG, word=wish.word, reason=wish.reason)
