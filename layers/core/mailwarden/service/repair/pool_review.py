"""Looks at a pool, judges it and decides about its findings, as a repair has to before and after each write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailwarden.domain.findings.changes import Change, CreateServiceLinkedRole, GrantSending, OperatorChange
from mailwarden.domain.findings.finding import Finding, Severity
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import Missing, Pool, Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.decision import Decision, Repair, waits_for_another
from mailwarden.domain.repair.limits import Limits
from mailwarden.ports.repair.stop_switch import StopSwitch
from mailwarden.rules import Rule
from mailwarden.rules.judging import Judgment, judge
from mailwarden.service.findings.finding_recorder import FindingRecorder, HandledFinding
from mailwarden.service.inspection.inspect import handled_by, shadow_of
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.repair.refused_repairs import decided


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRepair:
    """One pool's path, and the repair that is due for it."""

    path: MailPath
    repair: Repair

    @property
    def pool(self) -> PoolRef:
        """The pool that the repair serves."""
        return self.path.pool.ref

    @property
    def key(self) -> FindingKey:
        """The finding that the repair is for."""
        return self.repair.finding.key


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolReview:
    """A look at a pool and the decisions that it led to; ``at`` is when it started.

    ``refused`` are the rules whose repair AWS refused for good: it is due after every other one.
    """

    judgment: Judgment
    decisions: tuple[Decision, ...]
    at: datetime
    refused: frozenset[str] = frozenset()

    def due_by(self, rule_id: str) -> DueRepair | None:
        """The repair that is due for a rule's finding."""
        return self._due(lambda repair: repair.finding.rule_id == rule_id)

    def due_on(self, resource: str) -> DueRepair | None:
        """The repair that is due on a resource."""
        return self._due(lambda repair: repair.fix.change.resource == resource)

    @property
    def has_due(self) -> bool:
        """Whether any repair is due that was not refused."""
        return self._due(lambda repair: repair.finding.rule_id not in self.refused) is not None

    @property
    def waiting(self) -> tuple[Finding, ...]:
        """The findings whose repair waits for another one."""
        return tuple(decision.finding for decision in self.decisions if waits_for_another(decision))

    def _due(self, is_it: Callable[[Repair], bool]) -> DueRepair | None:
        for decision in sorted(self.decisions, key=lambda each: each.finding.rule_id in self.refused):
            if isinstance(decision, Repair) and is_it(decision):
                return DueRepair(path=self.judgment.path, repair=decision)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolReviewer:
    """Reads AWS and the ledger; writes only the ledger."""

    path_reader: MailPathReader
    recorder: FindingRecorder
    rules: tuple[Rule, ...]
    limits: Limits
    stop_switch: StopSwitch
    severities: Mapping[str, Severity] = field(default_factory=dict)

    def review(
        self, pool: PoolRef, *, at: datetime, fresh: bool, cause: Cause | None = None, known: Pool | None = None
    ) -> PoolReview | Missing | Unreadable:
        """Look at a pool; ``fresh`` bypasses the cache. The stop switch is read last, so that a stop holds at once.

        ``known`` is the pool as it was read at *at*: it is not read again.
        """
        path = self.path_reader.look(pool, at=at, fresh=fresh, cause=cause, known=known)
        if not isinstance(path, MailPath):
            return path
        return self._decided(judge(path, self.rules, self.severities), at=at)

    def decided_now(self, review: PoolReview) -> PoolReview:
        """The same look, decided with the stop switch as it is now."""
        return self._decided(review.judgment, at=review.at)

    def _decided(self, judgment: Judgment, *, at: datetime) -> PoolReview:
        limits = replace(self.limits, stop=self.stop_switch.current())
        made = decided(judgment, limits, self.recorder.findings, today=at.date())
        return PoolReview(judgment=judgment, decisions=made.decisions, at=at, refused=made.refused)

    def read_again(self, change: Change | OperatorChange) -> Unreadable | None:
        """Read what *change* wrote past the cache, for the looks that follow; the refusal if it cannot be read."""
        match change:
            case GrantSending(identity=identity):
                reading: object = self.path_reader.identities.read(identity, fresh=True)
            case CreateServiceLinkedRole():
                reading = self.path_reader.role.read(fresh=True)
            case _:
                return None
        return reading if isinstance(reading, Unreadable) else None

    def record(
        self,
        review: PoolReview,
        *,
        cause: Cause | None,
        handled: Mapping[str, Handled] | None = None,
        remember: Callable[[tuple[UndoneRepair, ...]], tuple[UndoneRepair, ...]] = tuple,
    ) -> bool:
        """Record a look; False if a newer one is known. *handled*: what was done about the findings of some rules."""
        done = handled or {}
        handlings = tuple(
            HandledFinding(
                finding=decision.finding,
                handled=_handled(decision, done.get(decision.finding.rule_id)),
                shadow=shadow_of(decision),
            )
            for decision in review.decisions
        )
        kept = self.recorder.record(review.judgment, handlings, cause=cause, at=review.at, remember=remember)
        return kept is not None

    def unreadable(
        self,
        pool: PoolRef,
        *,
        at: datetime,
        remember: Callable[[tuple[UndoneRepair, ...]], tuple[UndoneRepair, ...]],
    ) -> bool:
        """Record that the pool could not be read; False if a newer look is known."""
        return self.recorder.unreadable(pool, at=at, remember=remember)

    def forget(self, pool: PoolRef, *, cause: Cause | None, at: datetime) -> None:
        """The pool is gone: what was found about it is over."""
        self.recorder.forget(pool, cause=cause, at=at)


def _handled(decision: Decision, done: Handled | None) -> Handled:
    planned = handled_by(decision)
    return planned if done is None else replace(done, proposed=done.proposed or planned.proposed)
