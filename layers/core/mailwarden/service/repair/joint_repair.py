"""Finds the other pools that one write of a shared resource serves: from the ledger, not from all its users."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import Change, CreateServiceLinkedRole, OperatorChange
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.mail_path.path import transient_refusal
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import NotASubject, PoolRef
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.repair.open_fixes import OpenFixes
from mailwarden.service.inspection.fan_out import EVERY_LOOK
from mailwarden.service.monitoring.sweep import POOLS_PER_SECOND
from mailwarden.service.repair.joint_grant import room_in_one_policy
from mailwarden.service.repair.pool_review import DueRepair, PoolReview, PoolReviewer
from mailwarden.service.repair.repair_guard import RepairGuard

# A write must end well within the function's time (60 s), and each of these pools is read before it.
MOST_TOGETHER = 50
_MOST_LISTED = 2 * MOST_TOGETHER
# The time for reading them, without the pauses between them, which are ten seconds. To note what came of it takes about
# as long again. Where a process is slow, the next order serves the others.
_LONGEST_READING = timedelta(seconds=10)
# A second's reads may follow each other at once.
_AT_ONCE = POOLS_PER_SECOND * EVERY_LOOK
# Of a resource of the whole account, all that wait are looked at again, as far as one query returns them.
_MOST_OF_ACCOUNT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRepair:
    """Looks at the pools with an open finding that the same write would serve.

    The number of reads depends on how many of them there are, never on how many pools use the resource. ``pause`` lets
    a time pass between them.
    """

    reviewer: PoolReviewer
    findings: Findings
    open_fixes: OpenFixes
    guard: RepairGuard
    clock: Clock
    settle: timedelta
    pause: Callable[[timedelta], None]

    def others(self, first: DueRepair, *, at: datetime) -> tuple[DueRepair, ...]:
        """The other pools for which a repair on the same resource is due, each judged, planned and guarded by itself.

        A pool whose finding has not settled, or that a deployment changed, is left to another order, and so are those
        that one call of AWS has no room for.
        """
        resource = first.repair.fix.change.resource
        deadline = self.clock.now() + _LONGEST_READING
        pools = self._settled_on(resource, at, without=first.pool)
        room = room_in_one_policy(first.repair.fix, first.path, pools)
        served: list[DueRepair] = []
        turn = self.clock.now()
        for pool in pools[:room]:
            began = self.clock.now()
            if began >= deadline:
                break
            # The time that the last pool took belongs to its pause; at most a second's reads are caught up.
            turn = max(turn, began) + EVERY_LOOK
            if turn > began + _AT_ONCE:
                self.pause(turn - began - _AT_ONCE)
                deadline += self.clock.now() - began
            # The resource was read a moment ago, for the first pool.
            review = self.reviewer.review(pool, at=at, fresh=False)
            if not isinstance(review, PoolReview) or transient_refusal(review.judgment.path) is not None:
                continue
            due = review.due_on(resource)
            if due is not None and self._allows(pool, due, at):
                served.append(due)
        return tuple(served)

    def next_order(self, resource: str, *, without: Collection[FindingKey]) -> RepairOrder | None:
        """An order for a finding whose fix writes *resource*, which was to be repaired and was not."""
        at = self.clock.now()
        for key in self.open_fixes.on(resource, most=_MOST_LISTED):
            known = None if key in without else self._settled(key, resource, at)
            if known is not None and _needs_order(known) and _pool_of(key) is not None:
                return RepairOrder(
                    pool_arn=key.subject_arn,
                    rule_id=key.rule_id,
                    resource=resource,
                    change_digest=hashlib.sha256(f"{key.subject_arn} {key.rule_id}".encode()).hexdigest(),
                    looked_at=known.lifecycle.looked_at,
                    cause=known.seen.cause,
                )
        return None

    def is_crowded(self, resource: str) -> bool:
        """Whether several pools have an open finding whose fix writes *resource*."""
        return len(_pools_of(self.open_fixes.on(resource, most=_MOST_LISTED), without=set())) > 1

    def _allows(self, pool: PoolRef, due: DueRepair, at: datetime) -> bool:
        return self.guard.forbids(pool, due.repair.fix.change, due.key, cause=None, at=at) is None

    def waiting(self, change: Change | OperatorChange, *, served: tuple[PoolRef, ...]) -> tuple[PoolRef, ...]:
        """The pools that *change* concerns although it was not made for them: those that lack the account's role."""
        if not isinstance(change, CreateServiceLinkedRole):
            return ()
        return _pools_of(self.open_fixes.on(change.resource, most=_MOST_OF_ACCOUNT), without=set(served))

    def _settled_on(self, resource: str, at: datetime, *, without: PoolRef) -> tuple[PoolRef, ...]:
        """As many pools as one write may serve: each finding is read, and no more of them than that."""
        found: list[PoolRef] = []
        for key in self.open_fixes.on(resource, most=_MOST_LISTED):
            if len(found) == MOST_TOGETHER - 1:
                break
            pool = _pool_of(key)
            if pool is None or pool == without or pool in found:
                continue
            if self._settled(key, resource, at) is not None:
                found.append(pool)
        return tuple(found)

    def _settled(self, key: FindingKey, resource: str, at: datetime) -> FindingRecord | None:
        known = self.findings.read(key)
        if known is None or known.lifecycle.state is not FindingState.OPEN:
            return None
        proposed, since = known.write.proposed, known.lifecycle.opened_at
        if known.seen.cause is not None:
            # Many pools wait for their looks after one call: what is to settle is what that call changed.
            since = min(since, known.seen.cause.at)
        is_due = proposed is not None and proposed.resource == resource and at - since >= self.settle
        return known if is_due else None


def _needs_order(known: FindingRecord) -> bool:
    """Whether an order is to come for a finding; one that waits for the next hour's budget has its own hint."""
    write = known.write
    if write.handling is Handling.PENDING:
        return write.reason is None
    return write.handling in {Handling.WRITING, Handling.WRITTEN} or (
        write.handling is Handling.FAILED and write.retryable
    )


def _pools_of(keys: tuple[FindingKey, ...], *, without: set[PoolRef]) -> tuple[PoolRef, ...]:
    found = (_pool_of(key) for key in keys)
    return tuple(dict.fromkeys(pool for pool in found if pool is not None and pool not in without))


def _pool_of(key: FindingKey) -> PoolRef | None:
    try:
        return PoolRef.from_arn(key.subject_arn)
    except NotASubject:
        return None
