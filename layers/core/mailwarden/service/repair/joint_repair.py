"""Finds the other pools that one write of a shared resource serves: from the ledger, not from all its users."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import Change, CreateServiceLinkedRole, OperatorChange
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.path import transient_refusal
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import NotASubject, PoolRef
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.repair.open_fixes import OpenFixes
from mailwarden.service.repair.pool_review import DueRepair, PoolReview, PoolReviewer
from mailwarden.service.repair.repair_guard import RepairGuard

# A write must end well within the function's time (60 s), and each of these pools is read before it.
MOST_TOGETHER = 50
# Of a resource of the whole account, all that wait are looked at again, as far as one query returns them.
_MOST_OF_ACCOUNT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class JointPools:
    """The other pools that one write serves, and those that did not fit and are ordered again."""

    served: tuple[DueRepair, ...]
    left: tuple[PoolRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRepair:
    """Looks at the pools with an open finding that the same write would serve.

    The number of reads depends on how many of them there are, never on how many pools use the resource.
    """

    reviewer: PoolReviewer
    findings: Findings
    open_fixes: OpenFixes
    guard: RepairGuard
    settle: timedelta

    def others(self, first: DueRepair, *, at: datetime) -> JointPools:
        """The other pools for which a repair on the same resource is due, each judged, planned and guarded by itself.

        A pool whose finding has not settled, or that a deployment changed, is left to its own order.
        """
        resource = first.repair.fix.change.resource
        keys = self.open_fixes.on(resource, most=2 * MOST_TOGETHER)
        seen = {first.pool}
        served: list[DueRepair] = []
        for key in keys[:MOST_TOGETHER]:
            pool = _pool_of(key)
            if pool is None or pool in seen or not self._has_settled(key, resource, at):
                continue
            seen.add(pool)
            # The resource was read a moment ago, for the first pool.
            review = self.reviewer.review(pool, at=at, fresh=False)
            if not isinstance(review, PoolReview) or transient_refusal(review.judgment.path) is not None:
                continue
            due = review.due_on(resource)
            if due is not None and self._allows(pool, due, at):
                served.append(due)
        return JointPools(served=tuple(served), left=_pools_of(keys[MOST_TOGETHER:], without=seen))

    def _allows(self, pool: PoolRef, due: DueRepair, at: datetime) -> bool:
        return self.guard.forbids(pool, due.repair.fix.change, due.key, cause=None, at=at) is None

    def waiting(self, change: Change | OperatorChange, *, served: tuple[PoolRef, ...]) -> tuple[PoolRef, ...]:
        """The pools that *change* concerns although it was not made for them: those that lack the account's role."""
        if not isinstance(change, CreateServiceLinkedRole):
            return ()
        return _pools_of(self.open_fixes.on(change.resource, most=_MOST_OF_ACCOUNT), without=set(served))

    def _has_settled(self, key: FindingKey, resource: str, at: datetime) -> bool:
        known = self.findings.read(key)
        if known is None or known.lifecycle.state is not FindingState.OPEN:
            return False
        proposed = known.write.proposed
        return proposed is not None and proposed.resource == resource and at - known.lifecycle.opened_at >= self.settle


def _pools_of(keys: tuple[FindingKey, ...], *, without: set[PoolRef]) -> tuple[PoolRef, ...]:
    found = (_pool_of(key) for key in keys)
    return tuple(dict.fromkeys(pool for pool in found if pool is not None and pool not in without))


def _pool_of(key: FindingKey) -> PoolRef | None:
    try:
        return PoolRef.from_arn(key.subject_arn)
    except NotASubject:
        return None
