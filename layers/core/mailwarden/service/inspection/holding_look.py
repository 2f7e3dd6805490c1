"""The look that finds a new sender unchanged through the settle time: only what was held so long may be restored."""

from datetime import datetime, timedelta

from mailwarden.domain.findings.sender_reset import known_good_after_look
from mailwarden.domain.known_good.record import Standing
from mailwarden.domain.refs.causes import Cause
from mailwarden.rules.judging import Judgment

_A_MOMENT = timedelta(seconds=1)


def holding_look_at(judgment: Judgment, *, cause: Cause | None, settle: timedelta) -> datetime | None:
    """When a further look can find the sender held; None if this one did, or did not find it good.

    None without a call, too: a sweep makes no further looks, because another one follows.
    """
    path, pool = judgment.path, judgment.path.pool
    due = pool.last_modified + settle
    if cause is None or path.taken_at >= due:
        return None
    known = known_good_after_look(
        path.ledger_facts.last_look, path, judgment.findings, judgment.verdict, cause=cause, settle=settle
    )
    if known is None or known.standing is not Standing.SOUND or known.email.in_full != pool.email.in_full:
        return None
    return due + _A_MOMENT
