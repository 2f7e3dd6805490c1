"""Undoes an entry of the journal on an operator's order, through the write protocol, and leaves its findings alone.

Before the write, the look at each pool notes that a person undid the repair: whatever dies afterwards, no look orders
the repair again (``domain/repair/undone_repairs.py``). A repeated order finishes what an earlier one began.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from mailwarden.domain.findings.changes import (
    GrantSending,
    RemoveSuppression,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
    WrittenChange,
)
from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.operator.undo import (
    ForeseenPool,
    UndoAnswer,
    UndoCarriedOut,
    UndoOrder,
    UndoPlanned,
    UndoRefused,
    UnjudgedPool,
)
from mailwarden.domain.readings import Missing, Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.decision import left_alone
from mailwarden.domain.repair.journal import OPERATOR, Entry, Intention, Unconfirmed, Written, may_have_taken_effect
from mailwarden.domain.repair.outcome_record import record_undone
from mailwarden.domain.repair.undo import (
    UndoableChange,
    undo_of_configuration,
    undo_of_grant,
    undo_of_risk,
    undoable_change,
    why_worse,
)
from mailwarden.domain.repair.undone_repairs import state_digest, without_undo
from mailwarden.message import Message, message
from mailwarden.ports.clock import Clock
from mailwarden.ports.repair.resource_leases import ResourceLease
from mailwarden.service.findings.finding_recorder import LedgerContention, UnstoredFindings
from mailwarden.service.operator.as_if import as_if
from mailwarden.service.operator.choices import as_choice
from mailwarden.service.operator.own_mail import worse_for_own_mail
from mailwarden.service.repair.look_again import SOON, LookAgain
from mailwarden.service.repair.pool_review import PoolReview, PoolReviewer
from mailwarden.service.repair.undo_notes import UndoNotes
from mailwarden.service.repair.write_protocol import OutcomeUnknown, ResourceBusy, WriteProtocol

# The event name in the journal's cause, where other entries have the API call.
ORDERED = "undo"
# The pools that a dry run judges, and that an undo looks at itself; the others are looked at by hints.
_MOST_AT_ONCE = 10
_ATTEMPTS = 3

type _Notes = tuple[UndoneRepair, ...]


class PoolsBusy(RuntimeError):
    """Other looks at a pool were always newer: nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryUndo:
    """The only service that undoes writes. No setting and no repair mode forbids it, and no budget is charged."""

    reviewer: PoolReviewer
    protocol: WriteProtocol
    look_again: LookAgain
    undo_notes: UndoNotes
    clock: Clock
    account: str
    home_region: str

    def undo(self, order: UndoOrder, *, request_id: str) -> UndoAnswer:
        """Undo the entry if the order confirms it; else return the write and the judgment after it."""
        entry = self.protocol.journal.entry(order.entry_id)
        if entry is None:
            return UndoRefused(reason=message("undo.unknown-entry"))
        at = self.clock.now()
        cause = Cause(
            event_name=ORDERED,
            event_id=request_id,
            actor=order.by,
            user_agent="",
            region=self.home_region,
            at=at,
        )
        change = undoable_change(entry, at=at, account=self.account)
        is_final = entry.outcome is not None and entry.undone_by is None
        if not order.confirm or (is_final and isinstance(change, Message)):
            return self._plan(entry, change, cause)
        try:
            with self.protocol.lease(entry.intention.resource) as lease:
                return self._undo(lease, order, cause)
        except ResourceBusy:
            return UndoRefused(reason=message("undo.busy"), entry=entry)
        except PoolsBusy:
            return UndoRefused(reason=message("undo.pools-busy"), entry=entry)
        except OutcomeUnknown:
            return UndoRefused(reason=message("undo.not-concluded"), entry=entry)

    def _undo(self, lease: ResourceLease, order: UndoOrder, cause: Cause) -> UndoAnswer:
        recovered = self.protocol.recover(lease)
        entry = self.protocol.journal.entry(order.entry_id)
        if entry is None:
            return UndoRefused(reason=message("undo.unknown-entry"))
        if recovered is not None and recovered.intention.undoes != order.entry_id:
            self.look_again.later(recovered.intention.pools, cause=recovered.intention.cause)
        if entry.undone_by is not None:
            found_later = recovered is not None and recovered.intention.entry_id == entry.undone_by
            return self._finish_earlier(entry, entry.undone_by, found_later=found_later)
        planned = self._plan(entry, undoable_change(entry, at=self.clock.now(), account=self.account), cause)
        if isinstance(planned, UndoRefused):
            return planned
        return self._carry_out(lease, planned, order, as_choice(cause, planned.change))

    def _plan(self, entry: Entry, undoable: UndoableChange | Message, cause: Cause) -> UndoPlanned | UndoRefused:
        change = undoable if isinstance(undoable, Message) else self._back(undoable, entry.intention.at)
        if isinstance(change, Message):
            return UndoRefused(reason=change, entry=entry)
        foreseen, worse = self._foresee(change, entry, cause)
        if worse is not None and isinstance(change, ReplaceEmailConfiguration | ReplaceRiskConfiguration):
            return UndoRefused(reason=worse, entry=entry, change=change, foreseen=foreseen)
        return UndoPlanned(entry=entry, change=change, foreseen=foreseen)

    def _back(self, change: UndoableChange, written_at: datetime) -> WrittenChange | Message:
        reader = self.reviewer.path_reader
        if isinstance(change, ReplaceEmailConfiguration):
            return undo_of_configuration(change, reader.pools.read(change.pool))
        if isinstance(change, ReplaceRiskConfiguration):
            return undo_of_risk(change, reader.pools.read(change.pool))
        entries = self.protocol.journal.entries_on(change.resource, since=written_at)
        later = [each for each in entries if each.intention.at > written_at]
        return undo_of_grant(change, reader.identities.read(change.identity, fresh=True), later=later)

    def _foresee(
        self, change: WrittenChange, entry: Entry, cause: Cause
    ) -> tuple[tuple[ForeseenPool | UnjudgedPool, ...], Message | None]:
        """The judgment of each pool now and afterwards, and why it would be worse for some pool."""
        at = self.clock.now()
        then = replace(self.reviewer, path_reader=as_if(change, self.reviewer.path_reader))
        foreseen: list[ForeseenPool | UnjudgedPool] = []
        worse: Message | None = None
        for pool in _pools_of(change, entry)[:_MOST_AT_ONCE]:
            now = self.reviewer.review(pool, at=at, fresh=True)
            after = then.review(pool, at=at, fresh=True, cause=as_choice(cause, change))
            if not isinstance(now, PoolReview) or not isinstance(after, PoolReview):
                refusal = next((each for each in (now, after) if isinstance(each, Unreadable)), None)
                foreseen.append(UnjudgedPool(pool=pool, refusal=refusal))
                worse = worse or message("undo.not-judged", pool=pool.arn)
                continue
            foreseen.append(
                ForeseenPool(
                    pool=pool,
                    pool_name=now.judgment.path.pool.name,
                    now=now.judgment.verdict,
                    after=after.judgment.verdict,
                    findings=after.judgment.findings,
                )
            )
            worse = worse or why_worse(worse_for_own_mail(now.judgment, after.judgment))
        return tuple(foreseen), worse

    def _carry_out(self, lease: ResourceLease, planned: UndoPlanned, order: UndoOrder, cause: Cause) -> UndoAnswer:
        entry, change = planned.entry, planned.change
        undone = UndoneRepair(
            undo_id=lease.holder,
            at=self.clock.now(),
            resource=change.resource,
            rules=tuple(sorted({key.rule_id for key in entry.intention.findings})),
            confirmed=False,
        )
        pools = _pools_of(change, entry)
        # No look orders a risk configuration: no repair has to be held.
        noted = () if isinstance(change, ReplaceRiskConfiguration) else pools
        self._note_at_all(noted, undone, cause)
        intention = Intention(
            entry_id=lease.holder,
            at=undone.at,
            findings=(FindingKey(subject_arn=change.resource, rule_id=OPERATOR),),
            pools=pools,
            title=message("order.undo", title=entry.intention.title, reason=order.reason)
            if order.reason
            else message("order.undo-without-reason", title=entry.intention.title),
            change=change,
            change_digest=change_digest(change),
            cause=cause,
            undoes=order.entry_id,
        )
        written = self.protocol.carry_out(lease, intention, change, proposed=None)
        outcome = written if isinstance(written, Unconfirmed) else written.outcome
        if isinstance(outcome, Written):
            self._finish(entry, intention)
        elif isinstance(outcome, Unconfirmed) or may_have_taken_effect(outcome):
            self.look_again.later(pools, cause=cause, delay=SOON)
        else:
            self._take_back(noted, undone)
        return UndoCarriedOut(
            entry=entry, change=change, undo_id=lease.holder, outcome=outcome, foreseen=planned.foreseen
        )

    def _finish_earlier(self, entry: Entry, undo_id: str, *, found_later: bool) -> UndoAnswer:
        undo = self.protocol.journal.entry(undo_id)
        if undo is not None:
            self._finish(entry, undo.intention)
            if found_later and undo.outcome is not None and not isinstance(undo.intention.change, RemoveSuppression):
                return UndoCarriedOut(
                    entry=entry,
                    change=undo.intention.change,
                    undo_id=undo_id,
                    outcome=undo.outcome,
                    found_later=True,
                )
        return UndoRefused(reason=message("undo.already", entry_id=undo_id), entry=entry)

    def _finish(self, entry: Entry, undo: Intention) -> None:
        """Note at the findings that a person undid the repair, and let the looks remember what is live now."""
        at = self.clock.now()
        self.undo_notes.confirm(undo.pools, undo.entry_id)
        reason = left_alone(undo.entry_id, undo.at)
        for key in entry.intention.findings:
            self.protocol.findings.update(
                key,
                lambda current: record_undone(current, undone=entry.intention.entry_id, reason=reason, at=at),
            )
        for pool in undo.pools[:_MOST_AT_ONCE]:
            self._look_after(pool, undo)
        self.look_again.later(undo.pools[_MOST_AT_ONCE:], cause=undo.cause)

    def _look_after(self, pool: PoolRef, undo: Intention) -> None:
        review = self.reviewer.review(pool, at=self.clock.now(), fresh=True, cause=undo.cause)
        if not isinstance(review, PoolReview):
            self.look_again.later((pool,), cause=undo.cause, delay=SOON)
            return
        state = state_digest(review.judgment.path)

        def remember(known: _Notes) -> _Notes:
            return tuple(replace(each, state=state) if each.undo_id == undo.entry_id else each for each in known)

        try:
            self.reviewer.record(review, cause=undo.cause, remember=remember)
        except (LedgerContention, UnstoredFindings):
            # The undo is in the journal; the next look notes what is live.
            self.look_again.later((pool,), cause=undo.cause, delay=SOON)

    def _note_at_all(self, pools: tuple[PoolRef, ...], undone: UndoneRepair, cause: Cause) -> None:
        for place, pool in enumerate(pools):
            try:
                self._note(pool, lambda known: (*without_undo(known, undone), undone), cause)
            except PoolsBusy:
                # The note may be in the look of the pool that is busy, too: a look is stored before its findings are.
                self._take_back(pools[: place + 1], undone)
                raise

    def _take_back(self, pools: tuple[PoolRef, ...], undone: UndoneRepair) -> None:
        """Nothing was undone: a repair that is due must not be taken for one that a person undid.

        Where a pool is busy, the note ends with the next look that finds nothing to repair.
        """
        for pool in pools:
            with suppress(PoolsBusy):
                self._note(pool, lambda known: tuple(each for each in known if each.undo_id != undone.undo_id), None)

    def _note(self, pool: PoolRef, remember: Callable[[_Notes], _Notes], cause: Cause | None) -> None:
        """Look at the pool, and let the look remember; raises PoolsBusy. A pool that is gone needs no note.

        The look is not judged by *cause*, which changed nothing yet; it is stored: the undo is known as a choice.
        """
        for _ in range(_ATTEMPTS):
            at = self.clock.now()
            review = self.reviewer.review(pool, at=at, fresh=False)
            if isinstance(review, Missing):
                return
            if isinstance(review, Unreadable):
                if review.transient:
                    raise PoolsBusy
                # Nothing judges it as long as it cannot be read; the first look that can needs the note.
                note = partial(self.reviewer.unreadable, pool, at=at, remember=remember)
            else:
                note = partial(self.reviewer.record, review, cause=cause, remember=remember)
            try:
                if note():
                    return
            except (LedgerContention, UnstoredFindings) as error:
                raise PoolsBusy from error
        raise PoolsBusy


def _pools_of(change: WrittenChange, entry: Entry) -> tuple[PoolRef, ...]:
    return change.pools if isinstance(change, GrantSending) else entry.intention.pools
