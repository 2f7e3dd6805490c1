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


def handled_after(outcome: WriteOutcome, *, proposed: ProposedWrite | None, entry_id: str) -> Handled:
    """What is noted at a finding after a write; only what may have taken effect has an undo id."""
    match outcome:
        case Written():
            return Handled(handling=Handling.WRITTEN, proposed=proposed, undo_id=entry_id)
        case NotWritten():
            # The order comes again, and looks again.
            return Handled(handling=Handling.PENDING, proposed=proposed)
        case Drifted(reason=why):
            return replace(_failed("repair.drifted", why, proposed), retryable=True)
        case Refused(reason=why):
            return _failed("repair.refused", why, proposed)
        case SideEffect(reason=why):
            return replace(_failed("repair.side-effect", why, proposed), undo_id=entry_id)
        case Overtaken(reason=why):
            return replace(_failed("repair.overtaken", why, proposed), undo_id=entry_id, retryable=True)


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
    news = record.lifecycle.was_announced
    lifecycle = replace(
        record.lifecycle,
        version=record.lifecycle.version + int(news),
        announce_after=min(at, record.lifecycle.announce_after),
    )
    return replace(record, lifecycle=lifecycle)


def _failed(id_: str, why: Message, proposed: ProposedWrite | None) -> Handled:
    return Handled(handling=Handling.FAILED, reason=message(id_, reason=why), proposed=proposed)


def record_wait(current: FindingRecord, reason: Message, *, at: datetime) -> FindingRecord:
    """The record of an ordered repair that goes on waiting for *reason*; no news for anybody."""
    waits = Handled(handling=Handling.PENDING, reason=reason, proposed=current.write.proposed)
    return record_write(current, waits, at=at) if current.write.handling is Handling.PENDING else current
