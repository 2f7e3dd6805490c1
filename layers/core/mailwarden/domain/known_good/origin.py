"""Who changed an EmailConfiguration, as far as the records of calls show it.

UpdateUserPool resets EmailConfiguration if it is left out (Cognito API reference, UpdateUserPool: "If you don't provide
a value for an attribute, Amazon Cognito sets it to its default value"). So a call that names it is a choice, and one
that leaves it out can only reset it.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.call_words import EmailWord
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import PoolRef

UPDATE = "UpdateUserPool"
# CloudTrail cuts the time of a call to seconds, and dates its arrival; LastModifiedDate is Cognito's own.
CLOCKS_DIFFER_BY = timedelta(seconds=5)
# A record with one of these names EmailConfiguration.
NAMING = frozenset({EmailWord.IDENTITY, EmailWord.CUSTOM_FROM, EmailWord.DEFAULT, EmailWord.NAMED})


class Origin(StrEnum):
    """The origin of a change, as the records show it."""

    DELIBERATE = "deliberate"
    """The last word about it was a call that names EmailConfiguration, or a person's order."""
    LEFT_OUT = "left out"
    """The records of the calls show their parameters, and EmailConfiguration is not among them."""
    NOT_SHOWN = "not shown"
    """The record of a call hides or omits its parameters."""
    NOT_HEARD = "not heard"
    """No event reported a call that can have made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """The origin of a change, and the calls that may have made it, the first one first."""

    origin: Origin
    calls: tuple[Cause, ...] = ()


def authorship_of(calls: Iterable[Cause], now: EmailConfiguration) -> Authorship:
    """Who made *now* out of another EmailConfiguration, by the calls since that one was found.

    | the last call that names EmailConfiguration | later calls | live now | origin |
    |---|---|---|---|
    | none | none | any | not reported |
    | none | any hides its parameters | any | not shown |
    | none | all leave it out | any | left out |
    | sets a sender of the kind that is live | any | any | deliberate |
    | sets a sender of another kind | none | any | not reported |
    | sets a sender of another kind | any hides its parameters | any | not shown |
    | sets a sender of another kind | all leave it out | any | left out |
    | names it, its value is hidden | none | any | deliberate |
    | names it, its value is hidden | some | any | not shown |

    The kinds are: an identity, the default sender with a FROM of the account, the plain default sender. A call that
    leaves it out can only have made the plain default sender; where another one is live, such a call does not count.
    Of the calls in one second those that do not name it count as the last, before them the one that sets what is live.
    """
    live = kind_of_sender(now)
    writes = sorted(
        filter(writes_email, calls),
        key=lambda call: (call.at.replace(microsecond=0), not _names(call), call.email is live),
    )
    last = max((place for place, call in enumerate(writes) if _names(call)), default=None)
    later = tuple(
        call
        for call in (writes if last is None else writes[last + 1 :])
        if is_plain_default(now) or word_of(call) is not EmailWord.ABSENT
    )
    if last is not None:
        named = writes[last]
        if named.email is live:
            return Authorship(origin=Origin.DELIBERATE, calls=(named,))
        if named.email is EmailWord.NAMED:
            if not later:
                return Authorship(origin=Origin.DELIBERATE, calls=(named,))
            return Authorship(origin=Origin.NOT_SHOWN, calls=(named, *later))
    if not later:
        return Authorship(origin=Origin.NOT_HEARD)
    if any(word_of(call) is EmailWord.HIDDEN for call in later):
        return Authorship(origin=Origin.NOT_SHOWN, calls=later)
    return Authorship(origin=Origin.LEFT_OUT, calls=later)


def writes_email(call: Cause) -> bool:
    """Whether a call can change an EmailConfiguration that was there: UpdateUserPool, and a person's order."""
    return call.event_name == UPDATE or call.email is not None


def word_of(call: Cause) -> EmailWord:
    """The word for EmailConfiguration in the record of a call; a call without a stored word hides it."""
    return call.email or EmailWord.HIDDEN


def shows_email(call: Cause) -> bool:
    """Whether the record of an UpdateUserPool named EmailConfiguration: so the records of its region show it."""
    return call.event_name == UPDATE and _names(call)


def since(calls: Iterable[Cause], modified: datetime, *, pool: PoolRef) -> tuple[Cause, ...]:
    """The calls that may have written *pool* after a look found it as it was modified at *modified*.

    A repair hands the call of one pool on to the looks at all pools that it serves.
    """
    return tuple(
        call
        for call in calls
        if writes_email(call) and call.at >= modified - CLOCKS_DIFFER_BY and call.pool_id in {None, pool.pool_id}
    )


def _names(call: Cause) -> bool:
    return word_of(call) in NAMING


def is_plain_default(email: EmailConfiguration) -> bool:
    """Whether it is what a call leaves behind that names no EmailConfiguration."""
    return email.in_full == EmailConfiguration().in_full


def kind_of_sender(email: EmailConfiguration) -> EmailWord:
    """The kind of sender of an EmailConfiguration, as the record of a call that sets it would show it."""
    if email.mode is SenderMode.DEVELOPER:
        return EmailWord.IDENTITY
    if email.mode is SenderMode.UNKNOWN:
        return EmailWord.NAMED
    return EmailWord.CUSTOM_FROM if email.source_arn else EmailWord.DEFAULT


def chosen(order: Cause, email: EmailConfiguration) -> Cause:
    """A person's *order* as the call that sets *email*: it counts as one that names it."""
    return replace(order, email=kind_of_sender(email))


def loss_by[Word: StrEnum](
    calls: Iterable[Cause], word_in: Callable[[Cause], Word | None], *, sets: Word, ends: Collection[Word], hidden: Word
) -> Authorship | None:
    """Who took away a part that a call replaces, by the words of the calls about it; None if it was a choice.

    | the last call that *sets* or *ends* it | later calls | result |
    |---|---|---|
    | ends it | any | none: a choice |
    | sets it, or there is none | all leave it out | a loss, left out |
    | sets it, or there is none | any hides its parameters | a loss, not shown |
    | sets it, or there is none | none | a loss, not reported |
    """
    said = [(call, word) for call in calls if (word := word_in(call)) is not None]
    # Of two calls in one second the one that ends it counts as the last.
    said.sort(key=lambda each: (each[0].at.replace(microsecond=0), (each[1] in ends) - (each[1] is sets)))
    last = max((place for place, (_, word) in enumerate(said) if word is sets or word in ends), default=None)
    if last is not None and said[last][1] is not sets:
        return None
    later = said if last is None else said[last + 1 :]
    if not later:
        return Authorship(origin=Origin.NOT_HEARD)
    is_hidden = any(word is hidden for _, word in later)
    origin = Origin.NOT_SHOWN if is_hidden else Origin.LEFT_OUT
    return Authorship(origin=origin, calls=tuple(call for call, _ in later))
