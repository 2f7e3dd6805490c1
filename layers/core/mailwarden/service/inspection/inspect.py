"""From hints to looks: finds a hint's pools, looks, judges, plans, records, and orders repairs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.record import FindingRecord, Handling
from mailwarden.domain.mail_path.path import MailPath, transient_refusal
from mailwarden.domain.mail_path.verdict import Verdict
from mailwarden.domain.readings import Missing, Unreadable
from mailwarden.domain.refs.causes import folded
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import GarbledLook, PoolHint, WaitingLook
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import change_digest, proposed_write
from mailwarden.domain.repair.decision import Decision, Mute, NoteOnly, Repair, Report, waits_for_another
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.domain.repair.limits import Limits
from mailwarden.domain.repair.shadow import ShadowDecision
from mailwarden.domain.repair.undone_repairs import conclusions_of
from mailwarden.message import Message, message
from mailwarden.rules import Rule
from mailwarden.rules.judging import judge
from mailwarden.service.findings.finding_recorder import FindingRecorder, HandledFinding, UnstoredFindings
from mailwarden.service.inspection.batch_cache import LONGEST_CACHE, BatchReaders
from mailwarden.service.inspection.fan_out import FanOut
from mailwarden.service.inspection.holding_look import holding_look_at
from mailwarden.service.inspection.repair_orders import RepairOrders
from mailwarden.service.inspection.ses_turns import NotYourTurn, SesTurns
from mailwarden.service.repair.refused_repairs import decided, is_refused
from mailwarden.service.repair.source_owners import SourceOwners

# The time that an ordered repair has, beyond the settle time, before the finding is announced as open.
REPAIR_PATIENCE = timedelta(seconds=90)
# The number of postponed looks after timeouts or throttles, before the result is recorded as unknown. A throttle is
# no news of the pool, and each time the look has a place of its own.
_MOST_TIMEOUTS = 2
_MOST_THROTTLES = 5
_A_MOMENT = timedelta(seconds=2)


class PoolNotReadable(RuntimeError):
    """The pool itself is unreadable: SQS retries the message, then moves it to the dead-letter queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """The result of one look; ``verdict`` is None if the pool is gone or a newer look was recorded.

    ``comes_again``: nothing was recorded, the look was put off. ``held_at``: a further look then can find the sender
    held for the settle time.
    """

    pool: PoolRef
    verdict: Verdict | None
    findings: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()
    note: Message | None = None
    comes_again: bool = False
    held_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector:
    """Looks at the pools of one batch of hints. Reads AWS, writes only the ledger and the queues.

    ``started_at`` is the start of the batch. Looks share readings, and each has the date of the oldest that it may
    share: a look must not overrule another look with a later reading (docs/adr/0004). ``begun`` holds the looks of the
    batch that waited, ``garbled`` those of them that cannot be read: without their calls no look is made for them.
    ``owners`` knows the sources of fixes that are reported, so that the alert shows what to change there.
    """

    readers: BatchReaders
    recorder: FindingRecorder
    orders: RepairOrders
    fan_out: FanOut
    rules: tuple[Rule, ...]
    limits: Limits
    owners: SourceOwners
    settle: timedelta
    started_at: datetime
    severities: Mapping[str, Severity] = field(default_factory=dict)
    begun: dict[PoolRef, WaitingLook] = field(default_factory=dict)
    garbled: dict[PoolRef, GarbledLook] = field(default_factory=dict)

    def begin(self, hints: Iterable[PoolHint]) -> tuple[PoolHint, ...]:
        """The looks to make now, one per pool and fresh ones first, without those that are not due or were made."""
        asked = tuple(hints)
        known = self.fan_out.due([hint.pool for hint in asked if hint.waits])
        self.garbled.update({look.pool: look for look in known if isinstance(look, GarbledLook)})
        due = {look.pool: look for look in known if isinstance(look, WaitingLook)}
        self.begun.update(due)
        looks = one_look_per_pool((*map(_look_of, due.values()), *(hint for hint in asked if not hint.waits)))
        unhurried = [pool for pool, look in looks.items() if pool not in due and not look.fresh]
        waiting = frozenset(unhurried) - (self.fan_out.admit(unhurried) if unhurried else frozenset())
        return tuple(look for pool, look in looks.items() if pool not in waiting)

    def inspect(self, hint: PoolHint) -> Inspected:
        """Look at one pool, record its findings and order its repairs. Raises PoolNotReadable and UnstoredFindings."""
        waiting = self.begun.get(hint.pool)
        try:
            inspected = self._inspect(hint, waiting)
        except NotYourTurn as later:
            return self._wait_for_turn(hint, waiting, later)
        if waiting is not None and not inspected.comes_again:
            self.fan_out.end(waiting)
        if inspected.held_at is not None:
            self.fan_out.come_at(hint.pool, inspected.held_at)
        return inspected

    def _inspect(self, hint: PoolHint, waiting: WaitingLook | None) -> Inspected:
        # A look is dated like the oldest of its readings: it must not overrule a newer look.
        at = self._since(hint, waiting)
        turns = SesTurns(
            shares=self.fan_out.shares, clock=self.fan_out.clock, paid=set(() if waiting is None else waiting.paid)
        )
        reader = self.readers.since(at, turns=None if hint.fresh and not hint.waits else turns)
        path = reader.look(hint.pool, at=at, fresh=hint.fresh, cause=hint.cause)
        if isinstance(path, Missing):
            self.recorder.forget(hint.pool, cause=hint.cause, at=at)
            return Inspected(pool=hint.pool, verdict=None, note=message("look.pool-gone"))
        refused = path if isinstance(path, Unreadable) else transient_refusal(path)
        if refused is not None and refused.transient and hint.attempt < _most_attempts(refused):
            return self._put_off(hint, waiting, refused)
        if isinstance(path, Unreadable):
            self.recorder.unreadable(hint.pool, at=at)
            raise PoolNotReadable(f"{hint.pool.arn}: {path}")
        judgment = judge(path, self.rules, self.severities)
        decisions = decided(judgment, self.limits, self.recorder.findings, today=at.date()).decisions
        handlings = tuple(
            HandledFinding(
                finding=decision.finding,
                handled=replace(
                    handled_by(decision, patience=self.settle + REPAIR_PATIENCE),
                    source=self._source(decision, path, hint),
                ),
                shadow=shadow_of(decision),
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
        sent = self.orders.send((*orders, *conclusions_of(path, at=at)))
        if unstored is not None:
            raise unstored
        return Inspected(
            pool=hint.pool,
            verdict=judgment.verdict,
            findings=tuple(finding.rule_id for finding in judgment.findings),
            ordered=tuple(order.rule_id for order in sent),
            held_at=holding_look_at(judgment, cause=hint.cause, settle=self.settle),
        )

    def _source(self, decision: Decision, path: MailPath, hint: PoolHint) -> Message | None:
        """The source that a reported fix belongs into; a fix that is ordered has its source asked before the write."""
        if not isinstance(decision, Report) or decision.finding.fix is None or waits_for_another(decision):
            return None
        change, last = decision.finding.fix.change, path.ledger_facts.last_look
        return self.owners.known(path.pool.ref, change, (hint.cause,), last=last)

    def _since(self, hint: PoolHint, waiting: WaitingLook | None) -> datetime:
        """How old the readings of a look may be: not older than the hint for it, and a minute at most."""
        oldest = self.started_at - LONGEST_CACHE
        if not hint.fresh:
            return oldest
        if waiting is None or not hint.waits:
            return self.started_at
        return min(max(waiting.wanted_at, oldest), self.started_at)

    def _put_off(self, hint: PoolHint, waiting: WaitingLook | None, refused: Unreadable) -> Inspected:
        """Look again later: a transient failure is not a finding yet and needs no alert.

        After a throttle the look has a place of its own: many that were throttled together do not come together again.
        """
        attempt, paid = hint.attempt + 1, () if waiting is None else waiting.paid
        due = self.fan_out.clock.now() + attempt * (self.settle + _A_MOMENT)
        if not refused.is_timeout and refused.action.startswith("ses:"):
            due = max(due, self.fan_out.next_ses_call(refused.region))
            paid = (*paid, refused.region)
        elif not refused.is_timeout:
            due = max(due, self.fan_out.next_look(hint.pool.region))
        self._wait(hint, waiting, due=due, attempt=attempt, paid=paid)
        note = message("look.put-off", refusal=refused.message)
        return Inspected(pool=hint.pool, verdict=None, note=note, comes_again=True)

    def _wait_for_turn(self, hint: PoolHint, waiting: WaitingLook | None, later: NotYourTurn) -> Inspected:
        paid = (*(() if waiting is None else waiting.paid), later.region)
        self._wait(hint, waiting, due=later.turn, attempt=hint.attempt, paid=paid)
        return Inspected(
            pool=hint.pool, verdict=None, note=message("look.not-its-turn", region=later.region), comes_again=True
        )

    def _wait(
        self, hint: PoolHint, waiting: WaitingLook | None, *, due: datetime, attempt: int, paid: tuple[str, ...]
    ) -> None:
        if waiting is not None:
            self.fan_out.put_off_again(replace(waiting, due=due, attempt=attempt, paid=paid), hint)
            return
        look = WaitingLook(
            pool=hint.pool,
            # Not the start of the batch: its calls were noted since, beside the windows of our writes.
            wanted_at=self.fan_out.clock.now(),
            due=due,
            causes=() if hint.cause is None else hint.cause.calls,
            asks_anew=hint.fresh,
            attempt=attempt,
            asker="" if hint.cause is None else hint.cause.event_id,
            paid=paid,
        )
        self.fan_out.put_off(look)


def _look_of(waiting: WaitingLook) -> PoolHint:
    """The look that a waiting one is now."""
    cause = folded(*waiting.causes)
    return PoolHint(pool=waiting.pool, cause=cause, attempt=waiting.attempt, asks_anew=waiting.asks_anew, waits=True)


def _most_attempts(refused: Unreadable) -> int:
    return _MOST_TIMEOUTS if refused.is_timeout else _MOST_THROTTLES


def _worth_a_try(record: FindingRecord, hint: PoolHint) -> bool:
    """A write that AWS refused for good is not repeated by sweeps, only after a call.

    One that another change overtook is: the event of that change may have been lost.
    """
    return hint.cause is not None or not is_refused(record)


def handled_by(decision: Decision, *, patience: timedelta = timedelta(0)) -> Handled:
    """The part of a decision that the ledger stores."""
    match decision:
        case Repair(fix=fix):
            return Handled(handling=Handling.PENDING, proposed=proposed_write(fix), patience=patience)
        case Report(finding=finding, reason=reason):
            proposed = None if finding.fix is None else proposed_write(finding.fix)
            if waits_for_another(decision):
                return Handled(handling=Handling.PENDING, reason=reason, proposed=proposed, patience=patience)
            return Handled(handling=Handling.WITHHELD, reason=reason, proposed=proposed)
        case Mute(reason=reason) | NoteOnly(reason=reason):
            return Handled(handling=Handling.WITHHELD, reason=reason, exempt=True)


def shadow_of(decision: Decision) -> ShadowDecision | None:
    """The decision if RepairMode were not off; None if that is not why nothing is written."""
    return decision.shadow if isinstance(decision, Report) else None


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
            told,
            asks_anew=hint.asks_anew or known.asks_anew,
            waits=hint.waits and known.waits,
            cause=folded(told.cause, hint.cause, known.cause),
        )
    return dict(sorted(of_pool.items(), key=lambda entry: not entry[1].fresh))


def _is_later(hint: PoolHint, known: PoolHint) -> bool:
    if hint.cause is None:
        return False
    return known.cause is None or hint.cause.at >= known.cause.at
