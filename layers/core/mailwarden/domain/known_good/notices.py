"""Whether threat protection still has the sender of its notices, and who took it away; pure.

"To set the risk configuration for the user pool to defaults, send this request with only the UserPoolId parameter"
(Cognito API reference, SetRiskConfiguration). AWS does not document what happens to one part that a call leaves out: a
look finds the loss, and such a call may have made it. A write of ours is none of them: a person's order for it counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from mailwarden.domain.known_good.origin import CLOCKS_DIFFER_BY, Authorship, loss_by
from mailwarden.domain.known_good.verification import ACCEPTED
from mailwarden.domain.readings import Pool, ThreatNotices
from mailwarden.domain.refs.call_words import NoticesWord
from mailwarden.domain.refs.causes import OUR_USER_AGENT, Cause, joined_calls


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
            and OUR_USER_AGENT not in call.user_agent
            and call.pool_id in {None, pool_id}
            and call.at >= known.found_at - CLOCKS_DIFFER_BY
        )
    )
    return replace(known, calls=joined_calls(known.calls, calls))


def lost_notices(known: KnownNotices | None, pool: Pool) -> Authorship | None:
    """Who took the sender of *pool* away; None if it is there, is not known, is not used, or was given up by choice.

    A call that wants no notices, or hides what it sets, is a choice: see ``loss_by``.
    """
    if known is None or pool.threat_notices is not None or not pool.acts_on_threats:
        return None
    if any(call.event_name == ACCEPTED for call in known.calls):
        return None
    return loss_by(
        known.calls,
        lambda call: call.notices,
        sets=NoticesWord.SENDER,
        ends=(NoticesWord.NONE, NoticesWord.NAMED),
        hidden=NoticesWord.HIDDEN,
    )


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
