"""The tag with which an owner turns off repairs, or repairs and alerts, for a pool or an identity."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mailwarden.domain.mail_path.owner_tags import EXEMPTION_TAG, misspelled_key
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.message import Message, message

# How long before its end an exemption is announced.
WEEK = timedelta(days=7)
# The rules about the exemption itself: it silences every other one.
EXEMPTION_RULES = frozenset({"MW912", "MW913"})
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
class ExemptionWish:
    """A readable value; ``word`` is ``off`` or ``report``, ``until`` is its last day, None for no end."""

    word: str
    until: date | None
    reason: str

    def days_left(self, today: date) -> int | None:
        """The days until the last one, which is 0; negative afterwards; None for no end."""
        return None if self.until is None else (self.until - today).days


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownExemption:
    """The exemption of a resource as a look read it: its readable value, or why it cannot be read."""

    subject: PoolRef | IdentityRef
    said: ExemptionWish | Message


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
        if isinstance(wish, ExemptionWish) and (wish.until is None or today <= wish.until):
            return Silent(reason=tagged(wish)) if wish.word == "off" else ReportOnly(reason=tagged(wish))
    return NotExempt() if flaw is None else ReportOnly(reason=flaw)


def said_exemption(tags: Mapping[str, str] | Unreadable) -> ExemptionWish | Message | None:
    """The exemption that *tags* mean, ended or not, or why it cannot be read; None if they mean none."""
    if isinstance(tags, Unreadable):
        return message("exemption.tags-unreadable", refusal=tags.message)
    if EXEMPTION_TAG in tags:
        return _read(tags[EXEMPTION_TAG])
    return unreadable_exemption(tags)


def ends_soon(tags: Mapping[str, str] | Unreadable, *, today: date) -> ExemptionWish | None:
    """The exemption that ends within a week, today included; None if none does."""
    said = said_exemption(tags)
    left = said.days_left(today) if isinstance(said, ExemptionWish) else None
    return said if isinstance(said, ExemptionWish) and left is not None and 0 <= left <= WEEK.days else None


def unreadable_exemption(tags: Mapping[str, str]) -> Message | None:
    """Why the exemption that *tags* mean cannot be read; None if it can, or if they mean none."""
    if EXEMPTION_TAG in tags:
        wish = _read(tags[EXEMPTION_TAG])
        if not isinstance(wish, ExemptionWish):
            return wish
    key = misspelled_key(tags, EXEMPTION_TAG)
    return None if key is None else message("exemption.key", tag=EXEMPTION_TAG, key=key)


def _read(value: str) -> ExemptionWish | Message:
    found = _GRAMMAR.fullmatch(value)
    if found is None:
        return message("exemption.unreadable", tag=EXEMPTION_TAG, value=value)
    until = found["until"]
    try:
        last_day = None if until is None else date.fromisoformat(until)
    except ValueError:
        return message("exemption.not-a-date", tag=EXEMPTION_TAG, until=until)
    return ExemptionWish(word=found["word"].lower(), until=last_day, reason=(found["reason"] or "").strip())


def tagged(wish: ExemptionWish) -> Message:
    """The exemption as operators read it."""
    if not wish.reason:
        return message("exemption.tag", tag=EXEMPTION_TAG, word=wish.word)
    return message("exemption.tag-with-reason", tag=EXEMPTION_TAG, word=wish.word, reason=wish.reason)
