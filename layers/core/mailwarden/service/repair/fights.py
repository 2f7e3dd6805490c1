"""Keeps what was written for whom, sees what was undone, and pauses writes while somebody undoes them."""

from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.findings.changes import Change, CreateServiceLinkedRole, GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.monitoring.fights import after_write
from mailwarden.domain.refs.causes import OUR_USER_AGENT, Cause
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.directions import direction_of, state_left, undoes
from mailwarden.domain.repair.fight_reason import reason_of
from mailwarden.domain.repair.journal import Intention
from mailwarden.message import Message
from mailwarden.ports.repair.write_histories import WriteHistories


@dataclass(frozen=True, slots=True, kw_only=True)
class Fights:
    """Who calls holds the lease of the resource."""

    histories: WriteHistories

    def note(self, intention: Intention) -> None:
        """Keep that a write took effect, for each pool it serves; the same entry again changes nothing."""
        change = intention.change
        if not isinstance(change, GrantSending | ReplaceEmailConfiguration | CreateServiceLinkedRole):
            return
        direction = direction_of(change)
        for pool in intention.pools:
            known = self.histories.of(pool, change.resource, direction)
            history = after_write(
                known,
                resource=change.resource,
                direction=direction,
                wrote=state_left(change),
                entry_id=intention.entry_id,
                at=intention.at,
            )
            self.histories.put(pool, history)

    def pause(self, pool: PoolRef, change: Change, *, causes: tuple[Cause | None, ...], at: datetime) -> Message | None:
        """Why the change waits: it was written before, and somebody undid it; None if it may be written."""
        stored = self.histories.of(pool, change.resource, direction_of(change))
        known = None if stored is None else stored.since(at)
        if known is None or not undoes(change, known):
            return None
        seen = known.seen_undone(_undone_by(causes, since=known.writes[-1]), at=at)
        pause = seen.pause(at)
        if seen != stored:
            self.histories.put(pool, seen)
        return None if pause is None else reason_of(seen, pause)


def _undone_by(causes: tuple[Cause | None, ...], *, since: datetime) -> Cause | None:
    """The first call of somebody else after our write."""
    calls = (call for cause in causes if cause is not None for call in cause.calls)
    others = [call for call in calls if call.at >= since and OUR_USER_AGENT not in call.user_agent]
    return min(others, key=lambda call: call.at, default=None)
