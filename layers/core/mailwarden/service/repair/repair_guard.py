"""What planning cannot know and must hold just before a write: no fight, no deployment's own, and budget left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import Change
from mailwarden.domain.findings.lifecycle import is_over_since
from mailwarden.domain.findings.record import FindingRecord, Handling
from mailwarden.domain.refs.causes import Cause, cause_id_of
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import why_not_kept
from mailwarden.message import Message
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.repair.repair_budgets import RepairBudgets
from mailwarden.service.repair.fights import Fights
from mailwarden.service.repair.source_owners import SourceOwners

ACCOUNT_SPENT, POOL_SPENT = "budget.account-spent", "budget.pool-spent"
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many repairs an hour may hold."""

    per_account: int
    per_pool: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairGuard:
    """Says why a write that is planned must not be made now."""

    findings: Findings
    looks: Looks
    budgets: RepairBudgets
    fights: Fights
    owners: SourceOwners
    budget: Budget

    def forbids(
        self, pool: PoolRef, change: Change, key: FindingKey, *, cause: Cause | None, at: datetime
    ) -> Message | None:
        """The first reason not to write; who calls holds the lease of the resource."""
        causes = self._causes(key, cause)
        return (
            self.fights.pause(pool, change, causes=causes, at=at)
            or self.owners.forbids(pool, change, causes, last=self.looks.last(pool))
            or why_not_kept(change)
        )

    def _causes(self, key: FindingKey, cause: Cause | None) -> tuple[Cause | None, ...]:
        blamed = self.findings.read(key)
        return cause, None if blamed is None else blamed.seen.cause

    def spent(self, pool: PoolRef, *, cause: Cause | None, at: datetime) -> Message | None:
        """The reason if the hour's budget holds no further write for the pool."""
        return self.budgets.spent(
            pool,
            cause_id=cause_id_of(cause),
            now=at,
            per_account=self.budget.per_account,
            per_pool=self.budget.per_pool,
        )

    def waits_still(
        self, pool: PoolRef, known: FindingRecord | None, *, cause: Cause | None, at: datetime
    ) -> Message | None:
        """The reason if a repair is known to wait for the next hour and has to go on waiting: AWS need not be asked."""
        if known is None or known.lifecycle.is_over or known.write.handling is not Handling.PENDING:
            return None
        if known.lifecycle.announce_after <= at + until_turn(at):
            return None
        reason = self.spent(pool, cause=cause, at=at)
        return reason if reason is not None and reason.id == ACCOUNT_SPENT else None

    def is_over(self, known: FindingRecord, pool: PoolRef, *, since: datetime) -> bool:
        """Whether a look later than *since* found nothing any more.

        If the last look names the finding all the same, a process ended before it had stored the look that closed it.
        """
        if not is_over_since(known, since):
            return False
        last = self.looks.last(pool)
        return last is None or known.key not in last.findings

    def wait(self, pool: PoolRef, *, at: datetime) -> None:
        """Count the pool among those whose repairs wait for the next hour."""
        self.budgets.wait(pool, limit=self.budget.per_account, now=at)


def until_turn(at: datetime) -> timedelta:
    """The time until the next hour begins, when the budget is new."""
    return at.replace(minute=0, second=0, microsecond=0) + _HOUR - at
