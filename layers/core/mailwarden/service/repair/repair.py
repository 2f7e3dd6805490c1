"""Carries out repairs: looks again, judges again, writes the way back down, compares and writes, looks again.

An order is a hint too: it names a pool and a rule. What is written is decided here, from what is live now.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import Fix, GrantSending
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.lifecycle import Handled
from mailwarden.domain.findings.record import Handling
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import Missing, Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.domain.repair.change_documents import change_digest, proposed_write
from mailwarden.domain.repair.decision import Decision, Repair, Report, plan
from mailwarden.domain.repair.journal import (
    Drifted,
    Intention,
    NotWritten,
    Overtaken,
    Refused,
    RepairOrder,
    SideEffect,
    Unconfirmed,
    WriteOutcome,
    WriteResult,
    Written,
    may_have_taken_effect,
)
from mailwarden.domain.repair.limits import Limits
from mailwarden.message import Message, message
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse
from mailwarden.ports.repair.change_writer import ChangeWriter
from mailwarden.ports.repair.journal import Journal
from mailwarden.rules import Rule
from mailwarden.rules.judging import Judgment, judge
from mailwarden.service.findings.finding_recorder import FindingRecorder, HandledFinding
from mailwarden.service.inspection.inspect import PoolNotReadable, handled_by
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.repair.joint_grant import joint_fix
from mailwarden.service.repair.repair_guard import RepairGuard

# A write must end well within the function's time: what is left over comes with its own order.
_MOST_TOGETHER = 50
# AWS may need a moment until a write is seen everywhere.
_SOON = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What came of an order; ``outcome`` is None where nothing was attempted.

    ``took`` is the time from the event that told of it to the concluded write, None if nothing was written or no event
    told of it.
    """

    pool: PoolRef
    rule_id: str
    note: Message | None
    outcome: WriteResult | None = None
    entry_id: str | None = None
    took: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """One pool's path and the repair that is due for it."""

    path: MailPath
    repair: Repair

    @property
    def pool(self) -> PoolRef:
        return self.path.pool.ref

    @property
    def key(self) -> FindingKey:
        return self.repair.finding.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairer:
    """The only service that writes to Cognito, SES and IAM, and it does so through one port."""

    path_reader: MailPathReader
    recorder: FindingRecorder
    findings: Findings
    resources_in_use: ResourcesInUse
    journal: Journal
    writer: ChangeWriter
    guard: RepairGuard
    hints: HintQueue
    rules: tuple[Rule, ...]
    limits: Limits
    new_entry_id: Callable[[datetime], str]
    clock: Clock
    severities: Mapping[str, Severity] = field(default_factory=dict)

    def repair(self, order: RepairOrder) -> Repaired:
        """Carry out one order if its fix is still due and allowed. Raises PoolNotReadable, NotASubject."""
        pool = PoolRef.from_arn(order.pool_arn)
        at = self.clock.now()
        judgment = self._look(pool, order.cause, at, fresh=True)
        if judgment is None:
            return Repaired(pool=pool, rule_id=order.rule_id, note=message("look.pool-gone"))
        decisions = self._plan(judgment, at)
        due = _due(decisions, order.rule_id)
        if due is None:
            self._conclude_what_was_begun(FindingKey(subject_arn=pool.arn, rule_id=order.rule_id), at)
            self._record(judgment, decisions, {}, order.cause, at)
            return Repaired(pool=pool, rule_id=order.rule_id, note=message("repair.nothing-due"))
        first = _Due(path=judgment.path, repair=due)
        together = (first, *self._others(first, at))
        fix = joint_fix(due.fix, tuple(each.path for each in together))
        reason = self.guard.forbids(pool, fix.change, first.key, cause=order.cause, at=at)
        reason = reason or self.guard.spent(pool, at=at)
        if reason is not None:
            self._record(judgment, decisions, {order.rule_id: _withheld(due, reason)}, order.cause, at)
            return Repaired(pool=pool, rule_id=order.rule_id, note=reason)
        return self._carry_out(together, fix, order.cause, at)

    def _others(self, first: _Due, at: datetime) -> Iterator[_Due]:
        """The other pools for which a grant on the same identity is due, each judged, planned and guarded by itself."""
        change = first.repair.fix.change
        if not isinstance(change, GrantSending):
            return
        found = 0
        for pool in self.resources_in_use.pools_using(change.identity):
            if pool == first.pool or found == _MOST_TOGETHER:
                continue
            # The identity was read a moment ago, for the first pool.
            path = self.path_reader.look(pool, at=at, fresh=False)
            if not isinstance(path, MailPath):
                continue
            due = _due_grant(self._plan(self._judge(path), at), change.identity)
            if due is None:
                continue
            other = _Due(path=path, repair=due)
            if self.guard.owned(pool, due.fix.change, other.key, cause=None) is None:
                found += 1
                yield other

    def _carry_out(self, together: tuple[_Due, ...], fix: Fix, cause: Cause | None, at: datetime) -> Repaired:
        first = together[0]
        entry_id = self.new_entry_id(at)
        self.journal.intend(
            Intention(
                entry_id=entry_id,
                at=at,
                findings=tuple(each.key for each in together),
                pools=tuple(each.pool for each in together),
                title=fix.title,
                change=fix.change,
                change_digest=change_digest(fix.change),
                cause=cause,
            ),
        )
        # From here on the findings know the way back, whatever dies before the outcome is known.
        begun = Handled(handling=Handling.WRITING, proposed=proposed_write(fix), undo_id=entry_id)
        self._note(together, begun)
        outcome = self.writer.write(fix.change, entry_id=entry_id)
        if isinstance(outcome, Unconfirmed):
            # The intention stays open: the next look compares and concludes it.
            self.hints.send([DelayedHint(hint=PoolHint(pool=each.pool, cause=cause), delay=_SOON) for each in together])
            return Repaired(
                pool=first.pool, rule_id=first.key.rule_id, note=outcome.reason, outcome=outcome, entry_id=entry_id
            )
        concluded_at = self.clock.now()
        self.journal.conclude(entry_id, outcome, at=concluded_at)
        if may_have_taken_effect(outcome):
            self.guard.budgets.charge(first.pool, entry_id=entry_id, at=at)
        handled = _handled(outcome, fix, entry_id)
        self._note(together, handled)
        if isinstance(outcome, Written):
            self._look_again(together, handled, cause)
        return Repaired(
            pool=first.pool,
            rule_id=first.key.rule_id,
            note=handled.reason or fix.title,
            outcome=outcome,
            entry_id=entry_id,
            took=_since(cause, concluded_at) if isinstance(outcome, Written) else None,
        )

    def _conclude_what_was_begun(self, key: FindingKey, at: datetime) -> None:
        """We died after a write began, and the look no longer finds it: the write took effect."""
        begun = self.findings.read(key)
        if begun is None or begun.write.handling is not Handling.WRITING or begun.write.undo_id is None:
            return
        self.journal.conclude(begun.write.undo_id, Written(entry_id=begun.write.undo_id), at=at)
        written = Handled(handling=Handling.WRITTEN, proposed=begun.write.proposed, undo_id=begun.write.undo_id)
        self.recorder.record_write(key, written, at=at)

    def _note(self, together: tuple[_Due, ...], handled: Handled) -> None:
        for each in together:
            self.recorder.record_write(each.key, handled, at=self.clock.now())

    def _look(self, pool: PoolRef, cause: Cause | None, at: datetime, *, fresh: bool) -> Judgment | None:
        path = self.path_reader.look(pool, at=at, fresh=fresh, cause=cause)
        if isinstance(path, Unreadable):
            raise PoolNotReadable(f"{pool.arn}: {path}")
        if isinstance(path, Missing):
            self.recorder.forget(pool, cause=cause, at=at)
            return None
        return self._judge(path)

    def _judge(self, path: MailPath) -> Judgment:
        return judge(path, self.rules, self.severities)

    def _look_again(self, together: tuple[_Due, ...], handled: Handled, cause: Cause | None) -> None:
        """Look after the write: "repaired" in the ledger rests on what is live, not on our having written.

        The first look reads everything anew, and the others may rest on what it read. A pool that cannot send yet is
        looked at again soon, because something else may be due, or AWS may need a moment.
        """
        for place, each in enumerate(together):
            at = self.clock.now()
            judgment = self._look(each.pool, cause, at, fresh=place == 0)
            if judgment is None:
                continue
            still = replace(handled, reason=message("repair.still-found"))
            self._record(judgment, self._plan(judgment, at), {each.key.rule_id: still}, cause, at)
            if judgment.verdict.answer is not Answer.YES:
                self.hints.send([DelayedHint(hint=PoolHint(pool=each.pool, cause=cause), delay=_SOON)])

    def _plan(self, judgment: Judgment, at: datetime) -> tuple[Decision, ...]:
        return plan(judgment.findings, judgment.path, self.limits, today=at.date())

    def _record(
        self,
        judgment: Judgment,
        decisions: tuple[Decision, ...],
        handled: dict[str, Handled],
        cause: Cause | None,
        at: datetime,
    ) -> None:
        handlings = tuple(
            HandledFinding(
                finding=decision.finding,
                handled=handled.get(decision.finding.rule_id) or handled_by(decision),
            )
            for decision in decisions
        )
        self.recorder.record(judgment, handlings, cause=cause, at=at)


def _due(decisions: tuple[Decision, ...], rule_id: str) -> Repair | None:
    for decision in decisions:
        if isinstance(decision, Repair) and decision.finding.rule_id == rule_id:
            return decision
    return None


def _due_grant(decisions: tuple[Decision, ...], identity: IdentityRef) -> Repair | None:
    for decision in decisions:
        if isinstance(decision, Repair):
            change = decision.fix.change
            if isinstance(change, GrantSending) and change.identity == identity:
                return decision
    return None


def _since(cause: Cause | None, at: datetime) -> timedelta | None:
    # The event's time is another clock's: a little later than ours counts as no time.
    return None if cause is None else max(at - cause.at, timedelta())


def _withheld(due: Repair, reason: Message) -> Handled:
    return handled_by(Report(finding=due.finding, reason=reason))


def _handled(outcome: WriteOutcome, fix: Fix, entry_id: str) -> Handled:
    proposed = proposed_write(fix)
    match outcome:
        case Written():
            return Handled(handling=Handling.WRITTEN, proposed=proposed, undo_id=entry_id)
        case Drifted(reason=why):
            reason = message("repair.drifted", reason=why)
            return Handled(handling=Handling.FAILED, reason=reason, proposed=proposed, retryable=True)
        case Refused(reason=why):
            return Handled(handling=Handling.FAILED, reason=message("repair.refused", reason=why), proposed=proposed)
        case SideEffect(reason=why):
            reason = message("repair.side-effect", reason=why)
            return Handled(handling=Handling.FAILED, reason=reason, proposed=proposed, undo_id=entry_id)
        case NotWritten():
            return Handled(handling=Handling.PENDING, proposed=proposed)
        case Overtaken(reason=reason):
            return Handled(handling=Handling.FAILED, reason=reason, proposed=proposed)
