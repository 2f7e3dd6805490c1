"""What is said of a write: before it, after each answer of the writer, and by whoever comes after a crash."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.journal import (
    Drifted,
    Intention,
    NotWritten,
    Overtaken,
    Refused,
    SideEffect,
    Unconfirmed,
    WriteOutcome,
    WriteResult,
    Written,
)
from mailwarden.domain.repair.outcome_record import record_outcome
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import Message, message, verbatim
from mailwarden.ports.repair.change_writer import ChangeWriter
from mailwarden.service.repair.repair import Repaired
from tests.builders import NOON
from tests.fakes.deployment import cause, hint
from tests.fakes.mortal import Died
from tests.fakes.records import changed
from tests.tables import Row, table
from tests.unit.decisions.records import record
from tests.unit.decisions.repairs import OPENED, deployed, seoul

BECAUSE = verbatim("LimitExceeded")
OUTCOMES: dict[str, WriteOutcome] = {
    "Written": Written(entry_id="as asked"),
    "Drifted": Drifted(reason=BECAUSE),
    "Refused": Refused(reason=BECAUSE),
    "SideEffect": SideEffect(reason=BECAUSE),
    "NotWritten": NotWritten(reason=BECAUSE),
    "Overtaken": Overtaken(reason=BECAUSE),
}


def reason_in(id_: str) -> Message | None:
    """The reason with this id; what the writer said is part of it, where it said anything."""
    if not id_ or id_ == "repair.still-found":
        return message(id_) if id_ else None
    return message(id_, reason=BECAUSE)


@pytest.mark.parametrize(
    "row",
    table("outcome", "The writer's answer").rows,
    ids=lambda row: f"{row.conditions['outcome']}, live: {row.conditions['live']}",
)
def test_what_the_writer_answered_is_told(row: Row) -> None:
    broken, outcome = seoul("A"), OUTCOMES[row.conditions["outcome"]]
    mailwarden = deployed(broken, OPENED, answer=None if row.conditions["live"] == "yes" else outcome)
    mailwarden.inspect(hint(broken))
    (ordered,) = mailwarden.repairs.take_all()
    begun = mailwarden.finding("MW401", broken.ref.arn)
    entry_id = f"entry-{row.conditions['outcome']}"
    writer = mailwarden.writer = Answering(told=outcome, by=mailwarden.held_writer())
    mailwarden.new_entry_id = lambda _: entry_id

    done = mailwarden.repairer().repair(ordered)

    record = mailwarden.finding("MW401", broken.ref.arn)
    expected = row.outcome
    assert (record.lifecycle.state, record.write.handling) == (
        FindingState(expected["state"]),
        Handling(expected["handling"]),
    )
    assert record.write.undo_id == (entry_id if expected["undo"] == "yes" else None)
    assert record.write.reason == reason_in(expected["reason"])
    assert record.write.retryable is (expected["sweeps try again"] == "yes")
    assert record.write.proposed is not None
    assert begun.write.proposed is not None
    assert record.write.proposed.title == begun.write.proposed.title
    later = PoolHint(pool=broken.ref, waits=True)
    assert [(each.hint, each.delay) for each in mailwarden.hints.waiting] == (
        [(later, timedelta(seconds=10))] if expected["looks again"] == "yes" else []
    )
    assert done == Repaired(
        pool=broken.ref,
        rule_id="MW401",
        note=done.note,
        outcome=outcome,
        entry_id=entry_id,
        took=done.took,
    )
    assert done.note == (
        record.write.reason if record.write.handling is Handling.FAILED else record.write.proposed.title
    )
    assert (done.took is not None) == (expected["took time"] == "yes")
    assert writer.entry_id == entry_id


@dataclass(slots=True, kw_only=True)
class Answering:
    """Lets the writer do its work, and answers something of its own."""

    told: WriteResult
    by: ChangeWriter
    entry_id: str = ""

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        self.entry_id = entry_id
        self.by.write(change, entry_id=entry_id)
        return self.told


@pytest.mark.parametrize("is_visible", [True, False])
def test_a_write_that_no_read_shows_yet_stays_open(is_visible: bool) -> None:
    broken = seoul("A")
    window = WriteWindow(resource=OPENED.ref.arn, compared_at=NOON, written_at=NOON)
    outcome = Unconfirmed(reason=BECAUSE, window=window)
    mailwarden = deployed(broken, OPENED, answer=None if is_visible else outcome)
    mailwarden.inspect(hint(broken))
    (ordered,) = mailwarden.repairs.take_all()
    mailwarden.writer = Answering(told=outcome, by=mailwarden.held_writer())
    done = mailwarden.repairer().repair(ordered)

    record = mailwarden.finding("MW401", broken.ref.arn)
    assert done == Repaired(
        pool=broken.ref, rule_id="MW401", note=BECAUSE, outcome=outcome, entry_id=record.write.undo_id
    )
    assert (record.lifecycle.state, record.write.handling) == (FindingState.OPEN, Handling.WRITING)
    assert record.write.undo_id == done.entry_id
    assert mailwarden.journal.outcomes == {}
    assert mailwarden.hints.waiting == []
    assert mailwarden.ledger.resource_leases.open_entries == {OPENED.ref.arn: done.entry_id}


def test_the_intention_is_written_down_before_the_write() -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED)
    mailwarden.inspect(hint(broken))

    (done,) = mailwarden.repair()

    assert done.entry_id is not None
    assert done.note is not None
    (intention,) = mailwarden.journal.intentions.values()
    (change,) = mailwarden.written
    key = next(key for key in mailwarden.ledger.findings.held if key.rule_id == "MW401")
    assert intention == Intention(
        entry_id=done.entry_id,
        at=intention.at,
        findings=(key,),
        pools=(broken.ref,),
        title=done.note,
        change=change,
        change_digest=intention.change_digest,
        cause=cause(),
    )
    assert NOON < intention.at <= mailwarden.journal.outcomes[done.entry_id][1]


@dataclass(slots=True, kw_only=True)
class DyingWriter:
    """Dies before it answers."""

    by: ChangeWriter | None = None

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        if self.by is not None:
            self.by.write(change, entry_id=entry_id)
        raise Died


@pytest.mark.parametrize("takes_effect", [True, False])
def test_what_was_begun_is_known_and_concluded_by_the_next_order(takes_effect: bool) -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED)
    mailwarden.inspect(hint(broken))
    (ordered,) = mailwarden.repairs.take_all()
    mailwarden.writer = DyingWriter(by=mailwarden.held_writer() if takes_effect else None)
    with pytest.raises(Died):
        mailwarden.repairer().repair(ordered)
    begun = mailwarden.finding("MW401", broken.ref.arn)

    mailwarden.clock.pass_by(minutes=6)
    mailwarden.writer, began_at = None, mailwarden.clock.now()
    mailwarden.repairer().repair(ordered)

    after = mailwarden.finding("MW401", broken.ref.arn)
    assert begun.write.handling is Handling.WRITING
    assert begun.write.undo_id is not None
    assert begun.write.proposed is not None
    assert (after.lifecycle.state, after.write.handling) == (FindingState.REPAIRED, Handling.WRITTEN)
    if takes_effect:
        assert (after.write.undo_id, after.write.proposed) == (begun.write.undo_id, begun.write.proposed)
        outcome, at = mailwarden.journal.outcomes[begun.write.undo_id]
        assert outcome == Written(entry_id=begun.write.undo_id)
        assert began_at < at < mailwarden.clock.now()
        assert after.lifecycle.changed_at > began_at
    else:
        outcome, _ = mailwarden.journal.outcomes[begun.write.undo_id]
        assert outcome == NotWritten(reason=message("recovery.not-written"))
        assert after.write.undo_id != begun.write.undo_id


@pytest.mark.parametrize(("undo_id", "concerns"), [("entry-1", True), ("entry-2", False), (None, False)])
def test_an_outcome_changes_only_the_findings_that_were_written_for(undo_id: str | None, concerns: bool) -> None:
    current = changed(record({"record": "open", "did": "writing", "pools": "this"}), undo_id=undo_id)

    after = record_outcome(current, Written(entry_id="entry-1"), entry_id="entry-1", at=NOON)

    assert record_outcome(None, Written(entry_id="entry-1"), entry_id="entry-1", at=NOON) is None
    assert (after is not None) == concerns
    assert after is None or (after.write.handling, after.write.proposed) == (Handling.WRITTEN, current.write.proposed)
