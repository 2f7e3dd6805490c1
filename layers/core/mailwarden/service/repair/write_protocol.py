"""Carries out one write to one resource, so that its end is known whatever dies in between (docs/adr/0019).

Lease → recover → (the caller looks, judges and decides) → mark → intention → write → outcome → budget → findings →
clear the mark → release. The journal comes before everything that follows from it, and each step may be repeated.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.lifecycle import record_write
from mailwarden.domain.findings.record import Handling, ProposedWrite
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.causes import cause_id_of
from mailwarden.domain.repair.journal import Intention, Unconfirmed, WriteOutcome, may_have_taken_effect
from mailwarden.domain.repair.outcome_record import record_outcome
from mailwarden.domain.repair.recovery import LiveState, outcome_of
from mailwarden.message import ExplainedError, message
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.repair.change_writer import ChangeWriter
from mailwarden.ports.repair.journal import Journal
from mailwarden.ports.repair.repair_budgets import RepairBudgets
from mailwarden.ports.repair.resource_leases import ResourceLease, ResourceLeases
from mailwarden.service.repair.fights import Fights
from mailwarden.service.repair.live_resources import LiveResources

# Longer than any function lives (60 s): when it is over, no call of its holder can still be under way, and AWS shows
# what it took.
LONGEST_WRITE = timedelta(minutes=2)


class ResourceBusy(RuntimeError):
    """Another process writes the resource: the order is retried later."""


class OutcomeUnknown(ExplainedError, RuntimeError):
    """An open entry cannot be concluded yet; nothing may be written until it can.

    The resource cannot be read, or it is as before, and AWS may not show the write yet.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludedWrite:
    """A write whose outcome is in the journal and in everything that follows from it."""

    intention: Intention
    outcome: WriteOutcome
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteProtocol:
    """The only way to a write; whoever uses it decides what is written, and looks afterwards."""

    leases: ResourceLeases
    journal: Journal
    live: LiveResources
    writer: ChangeWriter
    budgets: RepairBudgets
    fights: Fights
    findings: Findings
    new_entry_id: Callable[[datetime], str]
    clock: Clock

    @contextmanager
    def lease(self, resource: str) -> Iterator[ResourceLease]:
        """Hold the lease of a resource; raises ResourceBusy."""
        now = self.clock.now()
        lease = self.leases.acquire(resource, holder=self.new_entry_id(now), now=now, until=now + LONGEST_WRITE)
        if lease is None:
            raise ResourceBusy(resource)
        try:
            yield lease
        finally:
            self.leases.release(lease)

    def recover(self, lease: ResourceLease) -> ConcludedWrite | None:
        """Conclude the entry that an earlier holder left open, if there is one, before anything is decided.

        The live resource alone decides, and that it is as before only when a write would be visible by now. Raises
        OutcomeUnknown.
        """
        if lease.open_entry is None:
            return None
        entry = self.journal.entry(lease.open_entry)
        if entry is None:
            # The process ended between the mark and the intention: nothing was written.
            self.leases.clear(lease, lease.open_entry)
            return None
        intention, outcome = entry.intention, entry.outcome
        if outcome is None:
            state = self.live.state_of(intention.change)
            if isinstance(state, Unreadable):
                raise OutcomeUnknown(message("entry.open-unread", entry_id=intention.entry_id, refusal=state.message))
            if state is LiveState.BEFORE and self.clock.now() - intention.at < LONGEST_WRITE:
                raise OutcomeUnknown(message("entry.open-not-visible", entry_id=intention.entry_id))
            outcome = outcome_of(state, entry_id=intention.entry_id)
        return self._conclude(lease, intention, outcome)

    def carry_out(
        self, lease: ResourceLease, intention: Intention, change: WrittenChange, *, proposed: ProposedWrite | None
    ) -> ConcludedWrite | Unconfirmed:
        """Write *change*, the change of *intention*, which has the id of the lease's holder.

        *proposed* is what its findings show; None for a person's order. If it is not
        confirmed, the entry stays open. Raises what the writer raises; then the entry stays open, too.
        """
        self.leases.mark(lease)
        self.journal.intend(intention)
        begun = Handled(handling=Handling.WRITING, proposed=proposed, undo_id=intention.entry_id)
        for key in reversed(intention.findings):
            self.findings.update(key, lambda current: current and record_write(current, begun, at=self.clock.now()))
        result = self.writer.write(change, entry_id=intention.entry_id)
        if isinstance(result, Unconfirmed):
            return result
        return self._conclude(lease, intention, result)

    def _conclude(self, lease: ResourceLease, intention: Intention, outcome: WriteOutcome) -> ConcludedWrite:
        entry_id, at = intention.entry_id, self.clock.now()
        self.journal.conclude(entry_id, outcome, at=at)
        if may_have_taken_effect(outcome) and not intention.is_ordered_by_person and intention.pools:
            self.budgets.charge(
                intention.pools[0], entry_id=entry_id, cause_id=cause_id_of(intention.cause), at=intention.at
            )
            self.fights.note(intention)
        # The first finding is the one of the order: while it says "writing", the order comes again and goes on here.
        for key in reversed(intention.findings):
            self.findings.update(
                key, lambda current: record_outcome(current, outcome, entry_id=entry_id, at=self.clock.now())
            )
        self.leases.clear(lease, entry_id)
        return ConcludedWrite(intention=intention, outcome=outcome, at=at)
