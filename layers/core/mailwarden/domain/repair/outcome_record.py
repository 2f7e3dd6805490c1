"""What the outcome of a write means for the findings that it served."""

from dataclasses import replace
from datetime import datetime

from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.lifecycle import record_write
from mailwarden.domain.findings.record import FindingRecord, Handling, ProposedWrite
from mailwarden.domain.repair.journal import (
    Drifted,
    NotWritten,
    Overtaken,
    Refused,
    SideEffect,
    WriteOutcome,
    Written,
)
from mailwarden.message import Message, message


def failure_of(outcome: WriteOutcome) -> Message | None:
    """Why a write did not do what it was to do; None if it did, or if its order comes again."""
    match outcome:
        case Written() | NotWritten():
            return None
        case Drifted(reason=why):
            return message("repair.drifted", reason=why)
        case Refused(reason=why):
            return message("repair.refused", reason=why)
        case SideEffect(reason=why):
            return message("repair.side-effect", reason=why)
        case Overtaken(reason=why):
            return message("repair.overtaken", reason=why)


def handled_after(outcome: WriteOutcome, *, proposed: ProposedWrite | None, entry_id: str) -> Handled:
    """What is noted at a finding after a write; only what may have taken effect has an undo id."""
    failed = Handled(handling=Handling.FAILED, reason=failure_of(outcome), proposed=proposed)
    match outcome:
        case Written():
            return Handled(handling=Handling.WRITTEN, proposed=proposed, undo_id=entry_id)
        case NotWritten():
            # The order comes again, and looks again.
            return Handled(handling=Handling.PENDING, proposed=proposed)
        case Drifted():
            return replace(failed, retryable=True)
        case Refused():
            return failed
        case SideEffect():
            return replace(failed, undo_id=entry_id)
        case Overtaken():
            return replace(failed, undo_id=entry_id, retryable=True)


def record_outcome(
    current: FindingRecord | None, outcome: WriteOutcome, *, entry_id: str, at: datetime
) -> FindingRecord | None:
    """The record after the outcome of an entry; None if the finding is not about that entry (any more)."""
    if current is None or current.write.undo_id != entry_id:
        return None
    return record_write(current, handled_after(outcome, proposed=current.write.proposed, entry_id=entry_id), at=at)


def record_undone(current: FindingRecord | None, *, undone: str, reason: Message, at: datetime) -> FindingRecord | None:
    """The record of an open finding after a person undid its write *undone*; None if it has no such write."""
    if current is None or current.write.undo_id != undone or current.lifecycle.is_over:
        return None
    left_alone = Handled(handling=Handling.WITHHELD, reason=reason, proposed=current.write.proposed)
    record = record_write(current, left_alone, at=at)
    due = min(at, record.lifecycle.announce_after)
    return replace(record, lifecycle=replace(record.lifecycle, announce_after=due))


def record_wait(current: FindingRecord, reason: Message, *, at: datetime) -> FindingRecord:
    """The record of an ordered repair that goes on waiting for *reason*; no news for anybody."""
    waits = Handled(handling=Handling.PENDING, reason=reason, proposed=current.write.proposed, by_order=True)
    return record_write(current, waits, at=at) if current.write.handling is Handling.PENDING else current
