"""Carries out repairs: looks again, judges again, writes the way back down, compares and writes, looks again.

An order is a hint too: it names a pool and a rule. What is written is decided here, from what is live now.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailwarden.domain.causes import Cause, acts_as
from mailwarden.domain.changes import Change, CreateServiceLinkedRole, Fix, GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.documents import change_digest, proposed_write
from mailwarden.domain.findings import Severity
from mailwarden.domain.history import Handled
from mailwarden.domain.journal import Drifted, Intention, Refused, RepairOrder, SideEffect, WriteOutcome, Written
from mailwarden.domain.mail_path import MailPath
from mailwarden.domain.planning import Decision, Limits, Repair, Report, plan
from mailwarden.domain.readings import Missing, Unread
from mailwarden.domain.records import FindingKey
from mailwarden.domain.records import Handling as HandlingKind
from mailwarden.domain.subjects import IdentityRef, PoolRef
from mailwarden.ports import ChangeWriter, Clock, Journal, Ledger, Owned, Stacks
from mailwarden.rules import Rule
from mailwarden.rules.judging import Judgement, judge
from mailwarden.service.granting import joint_fix
from mailwarden.service.inspecting import PoolNotReadable, handled_by
from mailwarden.service.looking import Looker
from mailwarden.service.recording import Handling, Recorder

# The same change, undone and due again this often within a day: somebody works against us, and we stop.
_FIGHT_AFTER = 2
_FIGHT_WINDOW = timedelta(days=1)
# A write must end well within the function's time: what is left over comes with its own order.
_MOST_TOGETHER = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many repairs an hour may hold."""

    per_account: int
    per_pool: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What came of an order; ``outcome`` is None where nothing was attempted."""

    pool: PoolRef
    rule_id: str
    note: str
    outcome: WriteOutcome | None = None
    entry_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """One pool's judged path and the repair that is due for it."""

    judgement: Judgement
    decisions: tuple[Decision, ...]
    repair: Repair


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairer:
    """The only service that writes to Cognito, SES and IAM, and it does so through one port."""

    looker: Looker
    ledger: Ledger
    journal: Journal
    writer: ChangeWriter
    stacks: Stacks
    rules: tuple[Rule, ...]
    limits: Limits
    budget: Budget
    deployment_roles: tuple[str, ...]
    new_entry_id: Callable[[datetime], str]
    clock: Clock
    severities: Mapping[str, Severity] = field(default_factory=dict)

    def repair(self, order: RepairOrder) -> Repaired:
        """Carry out one order if its fix is still due and allowed. Raises PoolNotReadable, NotASubject."""
        pool = PoolRef.from_arn(order.pool_arn)
        at = self.clock.now()
        judgement = self._look(pool, order.cause, at)
        if judgement is None:
            return Repaired(pool=pool, rule_id=order.rule_id, note="the pool is gone")
        decisions = plan(judgement.findings, judgement.path, self.limits, today=at.date())
        due = _due(decisions, order.rule_id)
        if due is None:
            self._record(judgement, decisions, {}, order.cause, at)
            return Repaired(pool=pool, rule_id=order.rule_id, note="nothing is left to repair, or it is not allowed")
        first = _Due(judgement=judgement, decisions=decisions, repair=due)
        together = (first, *self._others(due.fix.change, pool, at))
        fix = joint_fix(due.fix, tuple(each.judgement.path for each in together))
        reason = self._forbidden(pool, fix.change, order.cause, at)
        if reason is not None:
            self._record(judgement, decisions, {order.rule_id: _withheld(due, reason)}, order.cause, at)
            return Repaired(pool=pool, rule_id=order.rule_id, note=reason)
        return self._carry_out(together, fix, order.cause, at)

    def _others(self, change: Change, pool: PoolRef, at: datetime) -> tuple[_Due, ...]:
        """The other pools for which a grant on the same identity is due, each judged and planned by itself."""
        if not isinstance(change, GrantSending):
            return ()
        found: list[_Due] = []
        for other in self.ledger.pools_using(change.identity):
            if other == pool or len(found) == _MOST_TOGETHER:
                continue
            path = self.looker.look(other, at=at, fresh=False)
            if not isinstance(path, MailPath):
                continue
            judgement = judge(path, self.rules, self.severities)
            decisions = plan(judgement.findings, path, self.limits, today=at.date())
            due = _due_grant(decisions, change.identity)
            if due is not None:
                found.append(_Due(judgement=judgement, decisions=decisions, repair=due))
        return tuple(found)

    def _carry_out(self, together: tuple[_Due, ...], fix: Fix, cause: Cause | None, at: datetime) -> Repaired:
        pool, due = together[0].judgement.path.pool.ref, together[0].repair
        entry_id = self.new_entry_id(at)
        key = FindingKey(subject_arn=due.finding.subject.arn, rule_id=due.finding.rule_id)
        self.journal.intend(
            Intention(
                entry_id=entry_id,
                at=at,
                finding=key,
                title=fix.title,
                change=fix.change,
                change_digest=change_digest(fix.change),
                cause=cause,
            ),
        )
        outcome = self.writer.write(fix.change, entry_id=entry_id)
        self.journal.conclude(entry_id, outcome, at=self.clock.now())
        handled = _handled(outcome, fix, entry_id)
        for each in together:
            rule_id = each.repair.finding.rule_id
            # The finding must know that we wrote before the look that no longer finds it.
            self._record(each.judgement, each.decisions, {rule_id: handled}, cause, at)
            if isinstance(outcome, Written):
                self._look_again(each.judgement.path.pool.ref, rule_id, handled, cause)
        return Repaired(
            pool=pool, rule_id=key.rule_id, note=handled.note or fix.title, outcome=outcome, entry_id=entry_id
        )

    def _look(self, pool: PoolRef, cause: Cause | None, at: datetime) -> Judgement | None:
        path = self.looker.look(pool, at=at, fresh=True)
        if isinstance(path, Unread):
            raise PoolNotReadable(f"{pool.arn}: {path}")
        if isinstance(path, Missing):
            Recorder(ledger=self.ledger).forget(pool, cause=cause, at=at)
            return None
        return judge(path, self.rules, self.severities)

    def _look_again(self, pool: PoolRef, rule_id: str, handled: Handled, cause: Cause | None) -> None:
        """Look after the write: "repaired" in the ledger rests on what is live, not on our having written."""
        at = self.clock.now()
        judgement = self._look(pool, cause, at)
        if judgement is None:
            return
        decisions = plan(judgement.findings, judgement.path, self.limits, today=at.date())
        still = replace(handled, note="written, but the look afterwards still finds it; it is looked at again")
        self._record(judgement, decisions, {rule_id: still}, cause, at)

    def _record(
        self,
        judgement: Judgement,
        decisions: tuple[Decision, ...],
        handled: dict[str, Handled],
        cause: Cause | None,
        at: datetime,
    ) -> None:
        handlings = tuple(
            Handling(
                finding=decision.finding,
                handled=handled.get(decision.finding.rule_id) or handled_by(decision),
            )
            for decision in decisions
        )
        Recorder(ledger=self.ledger).record(judgement, handlings, cause=cause, at=at)

    def _forbidden(self, pool: PoolRef, change: Change, cause: Cause | None, at: datetime) -> str | None:
        """What planning could not know: fights, who owns the resource, and the budget, which is taken last."""
        since = at - _FIGHT_WINDOW
        times = self.journal.times_written(change.resource, change_digest(change), since=since)
        if times >= _FIGHT_AFTER:
            return f"the same change was written {times} times within a day and undone again: somebody works against us"
        return self._owned(pool, change, cause) or self.ledger.take_from_budget(
            pool,
            now=at,
            per_account=self.budget.per_account,
            per_pool=self.budget.per_pool,
        )

    def _owned(self, pool: PoolRef, change: Change, cause: Cause | None) -> str | None:
        """A resource that infrastructure as code owns is not written: the next deployment would undo it.

        Only pools can be owned by a stack here. CloudFormation has no resource for identity policies.
        """
        if cause is not None and any(acts_as(cause.actor, role) for role in self.deployment_roles):
            return f"the last change came from the deployment role {cause.actor}"
        match change:
            case ReplaceEmailConfiguration():
                owner = self.stacks.owner_of(pool)
                return f"the pool is owned by infrastructure as code: {owner.by}" if isinstance(owner, Owned) else None
            case GrantSending() | CreateServiceLinkedRole():
                return None


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


def _withheld(due: Repair, reason: str) -> Handled:
    return handled_by(Report(finding=due.finding, because=reason))


def _handled(outcome: WriteOutcome, fix: Fix, entry_id: str) -> Handled:
    proposed = proposed_write(fix)
    match outcome:
        case Written():
            return Handled(handling=HandlingKind.WRITTEN, proposed=proposed, undo_id=entry_id)
        case Drifted(detail=detail):
            note = f"somebody else changed it meanwhile, nothing was written: {detail}"
            return Handled(handling=HandlingKind.FAILED, note=note, proposed=proposed)
        case Refused(detail=detail):
            return Handled(handling=HandlingKind.FAILED, note=f"the write was refused: {detail}", proposed=proposed)
        case SideEffect(detail=detail):
            note = f"the write had an effect it should not have had: {detail}"
            return Handled(handling=HandlingKind.FAILED, note=note, proposed=proposed, undo_id=entry_id)
