"""Looks after a write at everything that it served: "repaired" rests on what is live, not on our having written."""

from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.findings.lifecycle import Handled
from mailwarden.domain.findings.record import Handling
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import Missing, Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Intention
from mailwarden.message import message
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.service.monitoring.sweep import LONGEST_DELAY, POOLS_PER_SECOND
from mailwarden.service.repair.pool_review import PoolReviewer

# The looks that a repair makes itself; more become hints.
_MOST_AT_ONCE = 10
# AWS may need a moment until a write is seen everywhere.
SOON = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """Looks at some pools at once and sends hints for the others."""

    reviewer: PoolReviewer
    hints: HintQueue
    clock: Clock

    def after(self, intention: Intention, pools: tuple[PoolRef, ...]) -> None:
        """Look at *pools*, which a write that took effect served, in this order.

        The first look reads everything anew, and the others may rest on what it read. A pool that cannot be read, or
        cannot send yet, is looked at again soon: something else may be due, or AWS may need a moment.
        """
        self.later(pools[_MOST_AT_ONCE:], cause=intention.cause)
        for place, pool in enumerate(pools[:_MOST_AT_ONCE]):
            self._look(pool, intention, fresh=place == 0)

    def later(self, pools: tuple[PoolRef, ...], *, cause: Cause | None, delay: timedelta = timedelta(0)) -> None:
        """Have *pools* looked at by hints, a few a second."""
        if not pools:
            return
        self.hints.send(
            [
                DelayedHint(
                    hint=PoolHint(pool=pool, cause=cause, asks_anew=True),
                    delay=min(delay + timedelta(seconds=place // POOLS_PER_SECOND), LONGEST_DELAY),
                )
                for place, pool in enumerate(pools)
            ]
        )

    def _look(self, pool: PoolRef, intention: Intention, *, fresh: bool) -> None:
        cause, at = intention.cause, self.clock.now()
        review = self.reviewer.review(pool, at=at, fresh=fresh, cause=cause)
        if isinstance(review, Unreadable):
            self.later((pool,), cause=cause, delay=SOON)
            return
        if isinstance(review, Missing):
            self.reviewer.forget(pool, cause=cause, at=at)
            return
        still = Handled(handling=Handling.WRITTEN, reason=message("repair.still-found"), undo_id=intention.entry_id)
        handled = {key.rule_id: still for key in intention.findings if key.subject_arn == pool.arn}
        self.reviewer.record(review, cause=cause, handled=handled)
        if review.judgment.verdict.answer is not Answer.YES:
            self.later((pool,), cause=cause, delay=SOON)
