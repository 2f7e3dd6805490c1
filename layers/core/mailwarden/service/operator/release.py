"""Releases repairs that wait: this hour's budget, or a pool's paused repairs. It writes the ledger and nothing else."""

from dataclasses import dataclass, replace

from mailwarden.domain.monitoring.fights import WriteHistory
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.ports.clock import Clock
from mailwarden.ports.repair.repair_budgets import RepairBudgets
from mailwarden.ports.repair.write_histories import WriteHistories
from mailwarden.service.repair.write_protocol import WriteProtocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Carries out a person's decision; the next look at each pool orders what is due."""

    budgets: RepairBudgets
    histories: WriteHistories
    protocol: WriteProtocol
    clock: Clock

    def budget(self, account: str) -> int:
        """Lift the account's budget for this hour; each pool's still holds. The number of repairs that waited."""
        now = self.clock.now()
        queue = self.budgets.waiting(account, now=now)
        self.budgets.release(account, now=now)
        return 0 if queue is None else queue.number

    def fights(self, pool: PoolRef) -> int:
        """End the pauses of a pool's repairs, and that of the account's role; the number of those that were paused.

        A repair that is under way changes the same records: each is changed under the lease of its resource. Raises
        ResourceBusy; the order can be given again.
        """
        return sum(self._end_pause(pool, known) for known in self.histories.all_of(pool))

    def _end_pause(self, pool: PoolRef, known: WriteHistory) -> bool:
        if not self._is_paused(known):
            return False
        with self.protocol.lease(known.resource):
            history = self.histories.of(pool, known.resource, known.direction)
            if history is None or not self._is_paused(history):
                return False
            self.histories.put(pool, replace(history, writes=history.writes[-1:], undone=None))
            return True

    def _is_paused(self, stored: WriteHistory) -> bool:
        now = self.clock.now()
        history = stored.since(now)
        return history is not None and history.pause(now) is not None
