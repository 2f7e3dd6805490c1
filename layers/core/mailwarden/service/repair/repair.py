"""Carries out repair orders: recovers, looks again, judges again, and writes through the write protocol.

An order is a hint too: it names a pool, a rule and a resource. What is written is decided here, from what is live now.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from mailwarden.domain.findings.changes import Change
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.record import FindingRecord, Handling
from mailwarden.domain.mail_path.path import transient_refusal
from mailwarden.domain.readings import Missing, Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import change_digest, proposed_write
from mailwarden.domain.repair.decision import Report
from mailwarden.domain.repair.fight_reason import FIGHT
from mailwarden.domain.repair.journal import Intention, Refused, RepairOrder, Unconfirmed, WriteResult, Written
from mailwarden.domain.repair.outcome_record import failure_of, record_wait
from mailwarden.domain.repair.source import may_be_known_later
from mailwarden.domain.repair.undone_repairs import has_doubts
from mailwarden.message import Message, message
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.repair.resource_leases import ResourceLease
from mailwarden.service.inspection.inspect import PoolNotReadable, handled_by
from mailwarden.service.repair.joint_grant import joint_fix, serves
from mailwarden.service.repair.joint_repair import JointRepair
from mailwarden.service.repair.look_again import LookAgain, ReadBefore
from mailwarden.service.repair.pool_review import DueRepair, PoolReview, PoolReviewer
from mailwarden.service.repair.repair_guard import ACCOUNT_SPENT, POOL_SPENT, RepairGuard, until_turn
from mailwarden.service.repair.restore_proof import RestoreProof, blamed_for
from mailwarden.service.repair.undo_notes import UndoNotes
from mailwarden.service.repair.write_protocol import ConcludedWrite, WriteProtocol

# How often a transient failure puts an order off by a hint; afterwards SQS delivers the order again.
_MOST_ATTEMPTS = 2
_A_MOMENT = timedelta(seconds=2)
# The finding of the order was over when it began.
OVER = "repair.over"
# The longest delay of a hint is 15 minutes; the look, the settle time and the write follow.
_COMES_AGAIN_WITHIN = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """The result of an order; ``outcome`` is None if nothing was attempted.

    If it is ``Unconfirmed``, the order has to come again and conclude the entry: no look can order that.
    ``took`` is the time from the event that reported the breakage to the concluded write; None if nothing was written
    or no event reported it.
    """

    pool: PoolRef
    rule_id: str
    note: Message | None
    outcome: WriteResult | None = None
    entry_id: str | None = None
    took: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What was decided and perhaps written; ``before`` are the readings that it was decided from."""

    result: Repaired
    written: ConcludedWrite | None = None
    before: ReadBefore | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairer:
    """Decides what an order writes. The protocol is the only part that writes."""

    reviewer: PoolReviewer
    protocol: WriteProtocol
    joint: JointRepair
    look_again: LookAgain
    guard: RepairGuard
    hints: HintQueue
    clock: Clock
    proof: RestoreProof
    undo_notes: UndoNotes

    def repair(self, order: RepairOrder) -> Repaired:
        """Carry out one order if its fix is still due and allowed.

        Raises PoolNotReadable, NotASubject, and ResourceBusy or OutcomeUnknown: then the order has to come again. An
        open entry is never left to a look, which may find nothing and order nothing.
        """
        pool = PoolRef.from_arn(order.pool_arn)
        known = self.protocol.findings.read(FindingKey(subject_arn=pool.arn, rule_id=order.rule_id))
        with self.protocol.lease(order.resource) as lease:
            # An open entry is concluded by orders only: none is dropped or put off before.
            recovered = self.protocol.recover(lease)
            if recovered is not None and recovered.intention.undoes is not None:
                self.undo_notes.settle(recovered.intention.pools)
            if known is not None and self.guard.is_over(known, pool, since=order.looked_at):
                done = _nothing(pool, order, message(OVER))
            else:
                waits = None if recovered is not None else self._waits_still(pool, order, known)
                done = waits or self._decide(lease, pool, order)
        if recovered is not None:
            self._look_after_recovery(recovered, pool)
        if done.written is not None:
            self._look_after_write(done.written, pool, before=done.before)
        elif recovered is not None and done.result.outcome is None and not recovered.intention.is_ordered_by_person:
            return _result_of_earlier(recovered, pool)
        elif known is not None:
            self._finish_looks(known, pool)
        return done.result

    def _decide(self, lease: ResourceLease, pool: PoolRef, order: RepairOrder) -> _Done:
        at = self.clock.now()
        look = partial(self.reviewer.review, pool, at=at, fresh=True, cause=order.cause)
        review = look()
        if isinstance(review, PoolReview) and has_doubts(review.judgment.path):
            self.undo_notes.settle((pool,))
            review = look()
        if isinstance(review, Missing):
            self.reviewer.forget(pool, cause=order.cause, at=at)
            return _nothing(pool, order, message("look.pool-gone"))
        refusal = review if isinstance(review, Unreadable) else transient_refusal(review.judgment.path)
        if refusal is not None and refusal.transient and order.attempt < _MOST_ATTEMPTS:
            return self._put_off(pool, order, refusal.message)
        if isinstance(review, Unreadable) or refusal is not None:
            raise PoolNotReadable(f"{pool.arn}: {refusal}")
        # An order serves everything that is found of its resource.
        due = review.due_on(order.resource) or review.due_by(order.rule_id)
        if due is None:
            self.reviewer.record(review, cause=order.cause)
            return _nothing(pool, order, message("repair.nothing-due"))
        if due.repair.fix.change.resource != order.resource:
            # Only orders of its own group may write a resource.
            self.reviewer.record(review, cause=order.cause)
            self.look_again.later((pool,), cause=order.cause)
            return _nothing(pool, order, message("repair.other-resource"))
        # From here on the order is for what is due.
        return self._write(lease, review, due, replace(order, rule_id=due.key.rule_id))

    def _write(self, lease: ResourceLease, review: PoolReview, due: DueRepair, order: RepairOrder) -> _Done:
        candidates = (due, *self.joint.others(due, at=review.at))
        if len(candidates) > 1:
            # To look at the others takes seconds.
            review = self.reviewer.decided_now(review)
            if review.due_by(order.rule_id) is None:
                self.reviewer.record(review, cause=order.cause)
                return _nothing(due.pool, order, message("repair.nothing-due"))
        fix = joint_fix(due.repair.fix, tuple(each.path for each in candidates))
        # What there was no room for is served by an order of its own.
        together = tuple(each for each in candidates if serves(fix.change, each.pool))
        reason = self._forbidden(due, fix.change, order, at=review.at)
        if reason is None:
            reason = self.guard.spent(due.pool, cause=order.cause, at=review.at)
            if reason is not None and reason.id == ACCOUNT_SPENT:
                return self._wait_for_budget(review, due, order, reason)
        if reason is not None and may_be_known_later(reason) and order.attempt < _MOST_ATTEMPTS:
            return self._put_off(due.pool, order, reason)
        if reason is not None:
            return self._withhold(review, due, order, reason)
        intention = Intention(
            entry_id=lease.holder,
            at=review.at,
            findings=tuple(each.key for each in together),
            pools=tuple(each.pool for each in together),
            title=fix.title,
            change=fix.change,
            change_digest=change_digest(fix.change),
            cause=order.cause,
        )
        written = self.protocol.carry_out(lease, intention, fix.change, proposed=proposed_write(fix))
        if isinstance(written, Unconfirmed):
            return _Done(
                result=Repaired(
                    pool=due.pool, rule_id=order.rule_id, note=written.reason, outcome=written, entry_id=lease.holder
                )
            )
        if isinstance(written.outcome, Refused) and (review.waiting or len(together) > 1):
            # What waited for this one is decided again: without a call no look orders the refused one.
            self.look_again.later(intention.pools, cause=None)
        before = ReadBefore(at=review.at, pools={each.pool: each.path.pool for each in together})
        return _Done(result=_result(written, due.pool, order.rule_id), written=written, before=before)

    def _withhold(self, review: PoolReview, due: DueRepair, order: RepairOrder, reason: Message) -> _Done:
        """What keeps this repair from being written holds for one of the same pool that waits for it, too."""
        kept = (due.repair.finding, *review.waiting)
        decided = ((each.rule_id, handled_by(Report(finding=each, reason=reason))) for each in kept)
        withheld = {rule_id: replace(handled, by_order=True) for rule_id, handled in decided}
        self.reviewer.record(review, cause=order.cause, handled=withheld)
        if reason.id == FIGHT:
            # The ledger knows of the fight since this order: the next look alerts it, and orders nothing.
            self.look_again.later((due.pool,), cause=order.cause)
        if reason.id == POOL_SPENT:
            self.look_again.later((due.pool,), cause=order.cause, delay=until_turn(review.at))
        return _nothing(due.pool, order, reason)

    def _forbidden(self, due: DueRepair, change: Change, order: RepairOrder, *, at: datetime) -> Message | None:
        """Why the write must not be made now; what is not proved yet is looked at again."""
        blamed = blamed_for(due.path, due.repair, order.cause)
        reason = self.guard.forbids(due.pool, change, due.key, cause=blamed, at=at)
        doubt = None if reason is not None else self.proof.doubt(due.path, due.repair, at=at)
        if doubt is None:
            return reason
        if doubt.again_after is not None:
            self.look_again.later((due.pool,), cause=order.cause, delay=doubt.again_after)
        return doubt.reason

    def _wait_for_budget(self, review: PoolReview, due: DueRepair, order: RepairOrder, reason: Message) -> _Done:
        """The repair comes again when the hour turns; until then one alert speaks for all that wait (MW909)."""
        turn = review.at + until_turn(review.at)
        known = self.protocol.findings.read(due.key)
        opened_at = review.at if known is None else known.lifecycle.opened_at
        patience = turn + _COMES_AGAIN_WITHIN - opened_at
        waits = Handled(handling=Handling.PENDING, reason=reason, by_order=True, patience=patience)
        self.guard.wait(due.pool, at=review.at)
        self.reviewer.record(review, cause=order.cause, handled={order.rule_id: waits})
        self.look_again.later((due.pool,), cause=order.cause, delay=until_turn(review.at))
        return _nothing(due.pool, order, reason)

    def _waits_still(self, pool: PoolRef, order: RepairOrder, known: FindingRecord | None) -> _Done | None:
        """The wait for the next hour goes on, if the ledger shows that it does."""
        at = self.clock.now()
        reason = self.guard.waits_still(pool, known, cause=order.cause, at=at)
        if reason is None:
            return None
        key = FindingKey(subject_arn=pool.arn, rule_id=order.rule_id)
        self.protocol.findings.update(key, lambda current: current and record_wait(current, reason, at=at))
        self.look_again.later((pool,), cause=order.cause, delay=until_turn(at))
        return _nothing(pool, order, reason)

    def _look_after_write(self, written: ConcludedWrite, pool: PoolRef, *, before: ReadBefore | None) -> None:
        """The order's pool comes last: until it was looked at, the order that comes again finishes the looks."""
        if isinstance(written.outcome, Written):
            intention = written.intention
            self._look(intention, (*_without(intention.pools, pool), pool), before=before)

    def _look_after_recovery(self, recovered: ConcludedWrite, pool: PoolRef) -> None:
        others = _without(recovered.intention.pools, pool)
        if isinstance(recovered.outcome, Written):
            self._look(recovered.intention, others)
        else:
            self.look_again.later(others, cause=recovered.intention.cause)

    def _finish_looks(self, known: FindingRecord, pool: PoolRef) -> None:
        """A process ended after its write was concluded and before it had looked at all that it served."""
        write = known.write
        if write.handling is not Handling.WRITTEN or write.undo_id is None or known.lifecycle.is_over:
            return
        entry = self.protocol.journal.entry(write.undo_id)
        if entry is not None:
            self._look(entry.intention, _without(entry.intention.pools, pool))

    def _look(self, intention: Intention, pools: tuple[PoolRef, ...], *, before: ReadBefore | None = None) -> None:
        waiting = self.joint.waiting(intention.change, served=intention.pools)
        self.look_again.later(waiting, cause=intention.cause)
        self.look_again.after(intention, pools, before=before)

    def _put_off(self, pool: PoolRef, order: RepairOrder, refusal: Message) -> _Done:
        """Look, and order, again later: a transient failure is no finding yet. The queue adds the settle time."""
        attempt = order.attempt + 1
        hint = PoolHint(pool=pool, cause=order.cause, attempt=attempt, asks_anew=True)
        self.hints.send([DelayedHint(hint=hint, delay=attempt * _A_MOMENT)])
        return _nothing(pool, order, message("look.put-off", refusal=refusal))


def _nothing(pool: PoolRef, order: RepairOrder, note: Message) -> _Done:
    return _Done(result=Repaired(pool=pool, rule_id=order.rule_id, note=note))


def _result_of_earlier(recovered: ConcludedWrite, pool: PoolRef) -> Repaired:
    """The result of an earlier order's write: told of *pool* if that was served, else of the pool that it was for."""
    intention = recovered.intention
    place = intention.pools.index(pool) if pool in intention.pools else 0
    return _result(recovered, intention.pools[place], intention.findings[place].rule_id)


def _result(written: ConcludedWrite, pool: PoolRef, rule_id: str) -> Repaired:
    intention, outcome = written.intention, written.outcome
    return Repaired(
        pool=pool,
        rule_id=rule_id,
        note=failure_of(outcome) or intention.title,
        outcome=outcome,
        entry_id=intention.entry_id,
        took=_since(intention.cause, written.at) if isinstance(outcome, Written) else None,
    )


def _without(pools: tuple[PoolRef, ...], pool: PoolRef) -> tuple[PoolRef, ...]:
    return tuple(each for each in pools if each != pool)


def _since(cause: Cause | None, at: datetime) -> timedelta | None:
    # The event's time is another clock's: a little later than ours counts as no time.
    return None if cause is None else max(at - cause.at, timedelta())
