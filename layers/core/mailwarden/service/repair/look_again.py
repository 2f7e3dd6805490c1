"""Looks after a write at everything that it served: "repaired" rests on what is live, not on our having written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.record import Handling
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import Missing, Pool, Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Intention
from mailwarden.message import message
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.service.inspection.fan_out import FanOut
from mailwarden.service.monitoring.sweep import LONGEST_DELAY
from mailwarden.service.repair.pool_review import PoolReviewer

# The pools that a repair reads itself after a write; more become waiting looks.
_MOST_READ = 10
# Where a process is slow, the pools that are left after so long wait for looks of their own.
_LONGEST_LOOKING = timedelta(seconds=10)
# AWS may need a moment until a write is seen everywhere.
SOON = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBefore:
    """The pools of a write as they were read before it, at *at* or later."""

    at: datetime
    pools: Mapping[PoolRef, Pool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """Looks at some pools at once, and lets looks at the others wait for their places in AWS's rates."""

    reviewer: PoolReviewer
    fan_out: FanOut
    hints: HintQueue
    clock: Clock

    def after(self, intention: Intention, pools: tuple[PoolRef, ...], *, before: ReadBefore | None = None) -> None:
        """Look at *pools*, which a write that took effect served, in this order.

        What was written is read anew, once for all. A write that changed no pool does not read the pools again: their
        looks have the date of the readings *before* it. A pool that cannot be read, or cannot send yet, is looked at
        again soon: something else may be due, or AWS may need a moment.
        """
        if not pools:
            return
        known = before if before and not isinstance(intention.change, ReplaceEmailConfiguration) else None
        read = {} if known is None else known.pools
        unread = tuple(pool for pool in pools if pool not in read)
        if self.reviewer.read_again(intention.change) is not None:
            self.later(pools, cause=intention.cause, delay=SOON)
            return
        waiting = unread[_MOST_READ:]
        self.later(waiting, cause=intention.cause)
        late: list[PoolRef] = []
        deadline = self.clock.now() + _LONGEST_LOOKING
        for pool in pools:
            if pool in waiting:
                continue
            if pool != pools[-1] and self.clock.now() >= deadline:
                late.append(pool)
                continue
            self._look(pool, intention, known=read.get(pool), at=known.at if known and pool in read else None)
        self.later(tuple(late), cause=intention.cause)

    def later(self, pools: tuple[PoolRef, ...], *, cause: Cause | None, delay: timedelta = timedelta(0)) -> None:
        """Have *pools* looked at when their looks have places; one look per pool waits."""
        if delay <= SOON:
            self.fan_out.wait(pools, cause=cause, delay=delay)
            return
        # A look that waits long must not be joined by a hint that hurries.
        hints = [PoolHint(pool=pool, cause=cause, asks_anew=True) for pool in pools]
        self.hints.send([DelayedHint(hint=hint, delay=min(delay, LONGEST_DELAY)) for hint in hints])

    def _look(self, pool: PoolRef, intention: Intention, *, known: Pool | None, at: datetime | None) -> None:
        cause, looked_at = intention.cause, at or self.clock.now()
        written = isinstance(intention.change, ReplaceEmailConfiguration)
        review = self.reviewer.review(pool, at=looked_at, fresh=written, cause=cause, known=known)
        if isinstance(review, Unreadable):
            self.later((pool,), cause=cause, delay=SOON)
            return
        if isinstance(review, Missing):
            self.reviewer.forget(pool, cause=cause, at=looked_at)
            return
        still = Handled(handling=Handling.WRITTEN, reason=message("repair.still-found"), undo_id=intention.entry_id)
        handled = {key.rule_id: still for key in intention.findings if key.subject_arn == pool.arn}
        recorded = self.reviewer.record(review, cause=cause, handled=handled)
        answer = review.judgment.verdict.answer
        if not recorded or review.has_due or answer not in {Answer.YES, Answer.AT_RISK}:
            self.later((pool,), cause=cause, delay=SOON)
