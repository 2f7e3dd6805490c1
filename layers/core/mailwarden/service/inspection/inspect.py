"""From hints to looks: finds a hint's pools, looks, judges, plans, records, and orders repairs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.lifecycle import Handled
from mailwarden.domain.findings.record import FindingRecord, Handling
from mailwarden.domain.mail_path.path import transient_refusal
from mailwarden.domain.mail_path.verdict import Verdict
from mailwarden.domain.readings import Missing, Unreadable
from mailwarden.domain.refs.causes import Cause, folded
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import (
    ConfigurationSetHint,
    EverywhereHint,
    Hint,
    IdentityHint,
    PoolHint,
    RegionHint,
    SesAccountHint,
)
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.domain.repair.change_documents import change_digest, proposed_write
from mailwarden.domain.repair.decision import Decision, Mute, NoteOnly, Repair, Report, plan
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.domain.repair.limits import Limits
from mailwarden.message import Message, message
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse
from mailwarden.ports.monitoring.known_pools import KnownPools
from mailwarden.ports.repair.repair_queue import RepairQueue
from mailwarden.rules import Rule
from mailwarden.rules.judging import judge
from mailwarden.service.findings.finding_recorder import FindingRecorder, HandledFinding, UnstoredFindings
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.inspection.overlap_recorder import OverlapRecorder
from mailwarden.service.monitoring.sweep import POOLS_PER_SECOND, Sweeper

# The time that an ordered repair has, beyond the settle time, before the finding is announced as open.
REPAIR_PATIENCE = timedelta(seconds=90)
# The longest time that the adapters cache a reading of an identity, an account or a role.
LONGEST_CACHE = timedelta(seconds=60)
# The most pools that one invocation looks at; more become hints of their own, spread over time.
_MOST_AT_ONCE = 20
_PLACES_OF_A_CACHE = int(LONGEST_CACHE.total_seconds()) * POOLS_PER_SECOND
# The number of postponed looks after throttles or timeouts, before the result is recorded as unknown.
_MOST_ATTEMPTS = 2
_A_MOMENT = timedelta(seconds=2)


class PoolNotReadable(RuntimeError):
    """The pool itself is unreadable: SQS retries the message, then moves it to the dead-letter queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """The result of one look; ``verdict`` is None if the pool is gone or a newer look was recorded."""

    pool: PoolRef
    verdict: Verdict | None
    findings: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()
    note: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector:
    """Looks at the pools of one batch of hints. Reads AWS, writes only the ledger and the queues.

    ``started_at`` is the start of the batch. Its looks share readings that are not older than that, so all of them have
    this date: a look must not overrule another look with a later reading (docs/adr/0004).
    """

    path_reader: MailPathReader
    recorder: FindingRecorder
    resources_in_use: ResourcesInUse
    known_pools: KnownPools
    hints: HintQueue
    repairs: RepairQueue
    sweeper: Sweeper
    rules: tuple[Rule, ...]
    limits: Limits
    settle: timedelta
    watched_regions: tuple[str, ...]
    started_at: datetime
    severities: Mapping[str, Severity] = field(default_factory=dict)
    overlaps: OverlapRecorder | None = None

    def pools_of(self, hint: Hint) -> tuple[PoolHint, ...]:
        """The pools to look at now because of *hint*; a hint about whole regions goes back to the queue.

        An identity, set or account that no pool's last look used causes no look once every watched region was swept;
        before that the index may be incomplete, so every region is looked at. Pools of other regions are ignored:
        us-east-1 always forwards its events, and a replica may be in any region.
        """
        if self.overlaps is not None:
            self.overlaps.record(hint)
        match hint:
            case PoolHint(pool=PoolRef(region=region)) | RegionHint(region=region) if (
                region not in self.watched_regions
            ):
                return ()
            case PoolHint():
                return (hint,)
            case IdentityHint(identity=subject, cause=cause):
                return self._users_of(subject, cause)
            case ConfigurationSetHint(configuration_set=subject, cause=cause, asks_anew=anew):
                return self._users_of(subject, cause, anew=anew)
            case SesAccountHint(account=subject, cause=cause, asks_anew=anew):
                return self._users_of(subject, cause, anew=anew)
            case RegionHint():
                self.sweeper.spread(hint)
                return ()
            case EverywhereHint(cause=cause):
                self._pass_on(cause)
                return ()

    def inspect(self, hint: PoolHint) -> Inspected:
        """Look at one pool, record its findings and order its repairs. Raises PoolNotReadable and UnstoredFindings."""
        fresh = hint.fresh
        # A look with cached readings is dated like the oldest of them: it must not overrule a newer look.
        at = self.started_at - (timedelta(0) if fresh else LONGEST_CACHE)
        path = self.path_reader.look(hint.pool, at=at, fresh=fresh, cause=hint.cause)
        if isinstance(path, Missing):
            self.recorder.forget(hint.pool, cause=hint.cause, at=at)
            return Inspected(pool=hint.pool, verdict=None, note=message("look.pool-gone"))
        refused = path if isinstance(path, Unreadable) else transient_refusal(path)
        if refused is not None and refused.transient and hint.attempt < _MOST_ATTEMPTS:
            return self._put_off(hint, refused)
        if isinstance(path, Unreadable):
            self.recorder.unreadable(hint.pool, at=at)
            raise PoolNotReadable(f"{hint.pool.arn}: {path}")
        judgment = judge(path, self.rules, self.severities)
        decisions = plan(judgment.findings, path, self.limits, today=at.date())
        handlings = tuple(
            HandledFinding(
                finding=decision.finding, handled=handled_by(decision, patience=self.settle + REPAIR_PATIENCE)
            )
            for decision in decisions
        )
        unstored: UnstoredFindings | None = None
        records: Mapping[FindingKey, FindingRecord] | None
        try:
            records = self.recorder.record(judgment, handlings, cause=hint.cause, at=at)
        except UnstoredFindings as error:
            unstored, records = error, error.records
        if records is None:
            return Inspected(pool=hint.pool, verdict=None, note=message("look.newer-known"))
        orders = tuple(
            RepairOrder(
                pool_arn=hint.pool.arn,
                rule_id=decision.finding.rule_id,
                resource=decision.fix.change.resource,
                change_digest=change_digest(decision.fix.change),
                looked_at=at,
                cause=hint.cause,
                attempt=hint.attempt,
            )
            for handling, decision in zip(handlings, decisions, strict=True)
            if isinstance(decision, Repair) and handling.key in records and _worth_a_try(records[handling.key], hint)
        )
        self.repairs.send(orders)
        if unstored is not None:
            raise unstored
        return Inspected(
            pool=hint.pool,
            verdict=judgment.verdict,
            findings=tuple(finding.rule_id for finding in judgment.findings),
            ordered=tuple(order.rule_id for order in orders),
        )

    def _put_off(self, hint: PoolHint, refused: Unreadable) -> Inspected:
        """Look again later: a transient failure is not a finding yet and needs no alert."""
        again = replace(hint, attempt=hint.attempt + 1)
        self.hints.send([DelayedHint(hint=again, delay=again.attempt * (self.settle + _A_MOMENT))])
        return Inspected(pool=hint.pool, verdict=None, note=message("look.put-off", refusal=refused.message))

    def _users_of(self, subject: Subject, cause: Cause | None, *, anew: bool = False) -> tuple[PoolHint, ...]:
        users = self.resources_in_use.pools_using(subject)
        if len(users) > _MOST_AT_ONCE:
            # Fresh looks at so many pools would exceed our share of SES's quota. They start when every cached reading
            # is newer than the hint.
            self.sweeper.send(users, cause=cause, after=_PLACES_OF_A_CACHE if anew else 0)
            return ()
        if users:
            return tuple(PoolHint(pool=pool, cause=cause, asks_anew=anew) for pool in users)
        if any(self.known_pools.swept_at(region) is None for region in self.watched_regions):
            self._pass_on(cause)
        return ()

    def _pass_on(self, cause: Cause | None) -> None:
        self.hints.send([DelayedHint(hint=RegionHint(region=region, cause=cause)) for region in self.watched_regions])


def _worth_a_try(record: FindingRecord, hint: PoolHint) -> bool:
    """A write that AWS refused for good is not repeated by sweeps, only after a call.

    One that another change overtook is: the event of that change may have been lost.
    """
    return record.write.handling is not Handling.FAILED or record.write.retryable or hint.cause is not None


def handled_by(decision: Decision, *, patience: timedelta = timedelta(0)) -> Handled:
    """The part of a decision that the ledger stores."""
    match decision:
        case Repair(fix=fix):
            return Handled(handling=Handling.PENDING, proposed=proposed_write(fix), patience=patience)
        case Report(finding=finding, reason=reason):
            proposed = None if finding.fix is None else proposed_write(finding.fix)
            return Handled(handling=Handling.WITHHELD, reason=reason, proposed=proposed)
        case Mute(reason=reason) | NoteOnly(reason=reason):
            return Handled(handling=Handling.WITHHELD, reason=reason, exempt=True)


def one_look_per_pool(hints: Iterator[PoolHint] | tuple[PoolHint, ...]) -> dict[PoolRef, PoolHint]:
    """Fold the hints for one pool into one with the causes of all.

    Fresh looks come first: their readings serve the others, but not the reverse.
    """
    of_pool: dict[PoolRef, PoolHint] = {}
    for hint in hints:
        known = of_pool.get(hint.pool)
        if known is None:
            of_pool[hint.pool] = hint
            continue
        told = hint if _is_later(hint, known) else known
        of_pool[hint.pool] = replace(
            told, asks_anew=hint.asks_anew or known.asks_anew, cause=folded(told.cause, hint.cause, known.cause)
        )
    return dict(sorted(of_pool.items(), key=lambda entry: not entry[1].fresh))


def _is_later(hint: PoolHint, known: PoolHint) -> bool:
    if hint.cause is None:
        return False
    return known.cause is None or hint.cause.at >= known.cause.at
