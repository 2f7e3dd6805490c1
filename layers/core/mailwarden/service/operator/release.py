"""Releases repairs that wait: this hour's budget, or a pool's paused repairs. It writes the ledger and nothing else."""

from dataclasses import dataclass, replace

from mailwarden.domain.refs.resources import PoolRef
from mailwarden.ports.clock import Clock
from mailwarden.ports.repair.repair_budgets import RepairBudgets
from mailwarden.ports.repair.write_histories import WriteHistories


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Carries out a person's decision; the next look at each pool orders what is due."""

    budgets: RepairBudgets
    histories: WriteHistories
    clock: Clock

    def budget(self, account: str) -> int:
        """Lift the account's budget for this hour; each pool's still holds. The number of repairs that waited."""
        now = self.clock.now()
        queue = self.budgets.waiting(account, now=now)
        self.budgets.release(account, now=now)
        return 0 if queue is None else queue.number

    def fights(self, pool: PoolRef) -> int:
        """End the pauses of a pool's repairs, and that of the account's role; the number of those that were paused."""
        now, ended = self.clock.now(), 0
        for stored in self.histories.all_of(pool):
            history = stored.since(now)
            if history is not None and history.pause(now) is not None:
                self.histories.put(pool, replace(history, writes=history.writes[-1:], undone=None))
                ended += 1
        return ended
