"""Whether threat protection still has the sender of its notices, and who took it away; pure.

"To remove a part of the configuration, send the others without it": SetRiskConfiguration removes the sender of the
notices with what it leaves out (Cognito API reference, SetRiskConfiguration), and no call fails.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from mailwarden.domain.known_good.origin import CLOCKS_DIFFER_BY, Authorship, Origin
from mailwarden.domain.known_good.verification import ACCEPTED
from mailwarden.domain.readings import Pool, ThreatNotices
from mailwarden.domain.refs.call_words import NoticesWord
from mailwarden.domain.refs.causes import Cause, joined_calls

# The words that are a choice, and the place of a call with each among calls in one second; the others have 1.
_RANKS = {NoticesWord.SENDER: 0, NoticesWord.NONE: 2, NoticesWord.NAMED: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNotices:
    """The sender of notices that a pool is expected to have; ``calls`` may have taken it away, each without others.

    ``found_at``: the time of the last look that found it. ``missing_since``: that of the first one that did not.
    """

    sender: ThreatNotices
    found_at: datetime
    calls: tuple[Cause, ...] = ()
    missing_since: datetime | None = None


def notices_now(known: KnownNotices | None, cause: Cause | None, *, pool_id: str) -> KnownNotices | None:
    """*known* with the calls of *cause* that may have taken the sender away."""
    if known is None or cause is None:
        return known
    calls = (
        call
        for call in cause.calls
        if call.event_name == ACCEPTED
        or (
            call.notices is not None
            and call.pool_id in {None, pool_id}
            and call.at >= known.found_at - CLOCKS_DIFFER_BY
        )
    )
    return replace(known, calls=joined_calls(known.calls, calls))


def lost_notices(known: KnownNotices | None, pool: Pool) -> Authorship | None:
    """Who took the sender of *pool* away; None if it is there, is not known, is not used, or was given up by choice.

    | the last call that names the sender, or wants no notices | later calls | result |
    |---|---|---|
    | wants no notices, or hides what it sets | any | none: a choice |
    | names a sender, or there is none | all leave it out | a loss, left out |
    | names a sender, or there is none | any hides its parameters | a loss, not shown |
    | names a sender, or there is none | none | a loss, not reported |
    """
    if known is None or pool.threat_notices is not None or not pool.acts_on_threats:
        return None
    if any(call.event_name == ACCEPTED for call in known.calls):
        return None
    calls = sorted(
        (call for call in known.calls if call.notices is not None),
        # Of two calls in one second the one that ends it counts as the last.
        key=lambda call: (call.at.replace(microsecond=0), _rank(call)),
    )
    last = max((place for place, call in enumerate(calls) if call.notices in _RANKS), default=None)
    if last is not None and calls[last].notices is not NoticesWord.SENDER:
        return None
    later = tuple(calls if last is None else calls[last + 1 :])
    if not later:
        return Authorship(origin=Origin.NOT_HEARD)
    hidden = any(call.notices is NoticesWord.HIDDEN for call in later)
    return Authorship(origin=Origin.NOT_SHOWN if hidden else Origin.LEFT_OUT, calls=later)


def notices_after(known: KnownNotices | None, pool: Pool, *, at: datetime) -> KnownNotices | None:
    """The expectation after a look at *at* that found *pool*; a refused read leaves it as it is."""
    match pool.threat_notices:
        case ThreatNotices() as sender:
            return KnownNotices(sender=sender, found_at=at, calls=_unseen(() if known is None else known.calls, at))
        case None if lost_notices(known, pool) is not None and known is not None:
            return replace(known, missing_since=known.missing_since or at)
        case None:
            return None
        case _:
            return known


def _unseen(calls: Iterable[Cause], at: datetime) -> tuple[Cause, ...]:
    """The calls whose effect the look may not have seen: an order of a person is over with the loss it was about."""
    return tuple(call for call in calls if call.at > at and call.event_name != ACCEPTED)


def _rank(call: Cause) -> int:
    """The place among calls in one second."""
    return 1 if call.notices is None else _RANKS.get(call.notices, 1)
