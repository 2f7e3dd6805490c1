"""Carries out an operator's order: looks, requests missing confirmations, journals, writes, looks again.

After an interruption between two of these steps a repeated order is harmless and concludes the entry: the ledger stores
the unfinished removal under the digest of the address, the journal its outcome.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import RemoveSuppression
from mailwarden.domain.operator.addresses import address_digest
from mailwarden.domain.operator.removal import (
    CarriedOut,
    NeedsConsent,
    NotKnown,
    NotOnTheList,
    Operated,
    Progress,
    Removal,
    TooSoon,
    UnderWay,
    Unsuppress,
    progress_after,
)
from mailwarden.domain.operator.suppressed_address import COMPLAINT, NotSuppressed, SuppressedEntry
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.journal import (
    OPERATOR,
    Entry,
    Intention,
    NotWritten,
    SideEffect,
    Unconfirmed,
    WriteOutcome,
    Written,
)
from mailwarden.message import message
from mailwarden.ports.clock import Clock
from mailwarden.ports.operator.removals import Removals
from mailwarden.ports.operator.suppressed_addresses import SuppressionRemover
from mailwarden.ports.repair.journal import Journal

# A call that began longer ago has ended: the function's timeout is a minute.
LONGEST_CALL = timedelta(minutes=2)
# The event name in the journal's cause, where other entries have the API call.
ORDERED = "unsuppress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsuppression:
    """The only service that removes addresses from suppression lists; ``home_region`` is the region of the stack."""

    lists: SuppressionRemover
    removals: Removals
    journal: Journal
    new_entry_id: Callable[[datetime], str]
    clock: Clock
    home_region: str

    def unsuppress(self, order: Unsuppress, *, request_id: str) -> Operated:
        """Remove an address from a list, if it is on it and the order is complete.

        Otherwise nothing is written, except that an earlier, interrupted removal is concluded.
        """
        reading = self.lists.read(order.account, order.address)
        if isinstance(reading, Unreadable):
            return NotKnown(refusal=reading.message)
        at = self.clock.now()
        this = Removal(
            account=order.account,
            address_digest=address_digest(order.address, order.account),
            entry_id=self.new_entry_id(at),
            begun_at=at,
            progress=Progress.BEGUN,
        )
        last = self.removals.last(order.account, this.address_digest)
        begun = last is not None and last.progress is Progress.BEGUN
        if last is not None and begun and at - last.begun_at < LONGEST_CALL:
            return UnderWay(since=last.begun_at)
        if isinstance(reading, NotSuppressed):
            concluded = self._conclude_what_was_begun(last, at) if last is not None and begun else None
            return concluded or NotOnTheList()
        if last is not None and begun:
            last = self._settled(last, reading, at)
        if last is not None and last.progress is Progress.DONE and at < last.again_at:
            return TooSoon(entry=reading, last=last)
        lacks = _lacks(order, reading)
        if lacks:
            return NeedsConsent(entry=reading, lacks=lacks)
        # Of two concurrent calls one continues. From here on a later call finds the removal of this one.
        if not self.removals.put(this, replaces=last):
            return UnderWay(since=None)
        return self._carry_out(order, reading, this, request_id)

    def _carry_out(self, order: Unsuppress, entry: SuppressedEntry, removal: Removal, request_id: str) -> CarriedOut:
        change = RemoveSuppression(
            account=order.account, address_digest=removal.address_digest, reason=entry.reason, since=entry.since
        )
        self.journal.intend(self._intention(order, change, removal, request_id))
        outcome = self.lists.remove(change, order.address, entry_id=removal.entry_id)
        if not isinstance(outcome, Unconfirmed):
            self._conclude(removal, outcome)
        return CarriedOut(entry_id=removal.entry_id, outcome=outcome, entry=entry)

    def _intention(self, order: Unsuppress, change: RemoveSuppression, removal: Removal, request_id: str) -> Intention:
        title = message("order.unsuppress", region=order.account.region, reason=order.reason)
        return Intention(
            entry_id=removal.entry_id,
            at=removal.begun_at,
            findings=(FindingKey(subject_arn=order.account.arn, rule_id=OPERATOR),),
            pools=(),
            title=title,
            change=change,
            change_digest=change_digest(change),
            cause=Cause(
                event_name=ORDERED,
                event_id=request_id,
                actor=order.by,
                user_agent="",
                region=self.home_region,
                at=removal.begun_at,
            ),
        )

    def _conclude(self, removal: Removal, outcome: WriteOutcome) -> None:
        """The journal first: while the ledger has "begun", a later call reads the journal."""
        self.journal.conclude(removal.entry_id, outcome, at=self.clock.now())
        self._mark(removal, progress_after(outcome))

    def _mark(self, removal: Removal, progress: Progress) -> Removal:
        marked = replace(removal, progress=progress)
        # If it has changed, another call has marked it already, from the same journal entry.
        self.removals.put(marked, replaces=removal)
        return marked

    def _conclude_what_was_begun(self, last: Removal, at: datetime) -> Operated | None:
        """An interrupted call, and the address is no longer on the list: the removal took effect."""
        entry = self.journal.entry(last.entry_id)
        if entry is None:
            # It ended before the intention, and so before its removal: another actor removed the address.
            self._mark(last, Progress.UNDONE)
            return None
        outcome = entry.outcome
        if outcome is None:
            outcome = Written(entry_id=last.entry_id)
            self.journal.conclude(last.entry_id, outcome, at=at)
        self._mark(last, progress_after(outcome))
        removed = entry.intention.change
        if not isinstance(removed, RemoveSuppression):
            return None
        known = SuppressedEntry(reason=removed.reason, since=removed.since)
        return CarriedOut(entry_id=last.entry_id, outcome=outcome, entry=known, found_later=True)

    def _settled(self, last: Removal, found: SuppressedEntry, at: datetime) -> Removal:
        """An interrupted call, and the address is on the list: the state of that removal now.

        With the same entry it was never removed, and the order may be repeated. With another entry the removal may have
        taken effect before the address was suppressed again, and the cool-down applies.
        """
        entry = self.journal.entry(last.entry_id)
        if entry is None:
            return self._mark(last, Progress.UNDONE)
        outcome = entry.outcome
        if outcome is None:
            outcome = _seen_later(entry, found)
            self.journal.conclude(last.entry_id, outcome, at=at)
        return self._mark(last, progress_after(outcome))


def _seen_later(entry: Entry, found: SuppressedEntry) -> WriteOutcome:
    change = entry.intention.change
    if isinstance(change, RemoveSuppression) and change.since == found.since:
        return NotWritten(reason=message("unsuppress.call-died"))
    return SideEffect(
        reason=message("unsuppress.call-died-and-listed-again", since=found.since.isoformat(timespec="seconds"))
    )


def _lacks(order: Unsuppress, entry: SuppressedEntry) -> tuple[str, ...]:
    """The missing confirmations. A complaint needs a second one, because the recipient did not want the mail."""
    lacks = [] if order.confirm else ["confirm"]
    if entry.reason == COMPLAINT and not order.although_complaint:
        lacks.append("although_complaint")
    return tuple(lacks)
