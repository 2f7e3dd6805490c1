"""Orders that come again after a write whose end was not known, or whose looks were not finished: whole answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState, Handling, LastWrite
from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.journal import Intention, NotWritten, RepairOrder, Unconfirmed, Written
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import message, verbatim
from mailwarden.service.repair.repair import Repaired
from mailwarden.service.repair.repair_guard import Budget
from mailwarden.service.repair.write_protocol import LONGEST_WRITE, OutcomeUnknown
from tests.builders import NOON
from tests.fakes.deployment import Deployment
from tests.fakes.records import changed
from tests.unit.decisions.repairs import OREGON, seoul
from tests.unit.operator.repaired import granted
from tests.unit.service.standing import (
    BROKE,
    LATER,
    SETTLE,
    WINDOW,
    A,
    Answers,
    B,
    last_look,
    nothing,
    ordered,
    waiting,
)
from tests.unit.service.test_pool_reviews import reviewed
from tests.unit.undo.standing import still, undone_at
from tests.unit.undo.test_undo_recoveries import earlier_undo, open_entry


def unconfirmed_before(*names: str, writes: bool) -> tuple[Deployment, RepairOrder, Repaired]:
    """An earlier order for these pools whose write was not seen, six minutes ago; and the order that comes again."""
    mailwarden, (order, *_) = ordered(*names)
    result = Unconfirmed(reason=verbatim("not visible"), window=WINDOW)
    mailwarden.writer = Answers(mailwarden=mailwarden, result=result, writes=writes)
    earlier = mailwarden.repairer().repair(order)
    mailwarden.writer = None
    mailwarden.clock.pass_by(minutes=6)
    return mailwarden, order, earlier


def test_a_write_that_is_visible_later_is_the_answer_of_the_order_that_comes_again() -> None:
    mailwarden, order, earlier = unconfirmed_before("A", "B", writes=True)
    assert earlier.entry_id is not None

    done = mailwarden.repairer().repair(replace(order, pool_arn=B.arn))

    assert done == Repaired(
        pool=B,
        rule_id="MW401",
        note=message("fix.grant-pools", count=2, identity=OREGON.name, region="us-west-2"),
        outcome=Written(entry_id=earlier.entry_id),
        entry_id=earlier.entry_id,
        took=SETTLE + timedelta(minutes=6, seconds=7),
    )
    assert [mailwarden.finding("MW401", pool.arn).lifecycle.state for pool in (A, B)] == [FindingState.REPAIRED] * 2
    assert waiting(mailwarden) == {}


def test_the_answer_of_an_order_for_a_pool_that_was_not_served_is_about_the_first_that_was() -> None:
    mailwarden, order, _ = unconfirmed_before("A", writes=True)
    mailwarden.hold(seoul("C"))
    mailwarden.mode = RepairMode.OFF

    done = mailwarden.repairer().repair(replace(order, pool_arn=seoul("C").ref.arn))

    assert (done.pool, done.rule_id, type(done.outcome)) == (A, "MW401", Written)
    assert mailwarden.finding("MW401", A.arn).lifecycle.state is FindingState.REPAIRED


def test_a_write_that_never_took_effect_is_made_again_and_the_other_pools_are_looked_at() -> None:
    mailwarden, order, earlier = unconfirmed_before("A", "B", writes=False)
    assert earlier.entry_id is not None

    done = mailwarden.repairer().repair(order)

    assert done.outcome == Written(entry_id=f"entry-{mailwarden.clock.at.isoformat()}")
    assert mailwarden.journal.outcomes[earlier.entry_id][0] == NotWritten(reason=message("recovery.not-written"))
    assert waiting(mailwarden) == {B: ((BROKE,), timedelta(0))}


@pytest.mark.parametrize(
    ("change", "is_looked_at"),
    [
        (lambda write: write, True),
        (lambda write: replace(write, handling=Handling.FAILED), False),
        (lambda write: replace(write, undo_id=None), False),
        (lambda write: replace(write, undo_id="forgotten"), False),
    ],
    ids=["written", "failed", "no entry", "forgotten"],
)
def test_the_looks_of_a_process_that_died_after_its_write_are_finished(
    change: Callable[[LastWrite], LastWrite], *, is_looked_at: bool
) -> None:
    mailwarden, (order, _) = ordered("A", "B")
    mailwarden.repairer().repair(order)
    held = mailwarden.ledger.findings.held
    for key, record in list(held.items()):
        still = replace(record.lifecycle, state=FindingState.OPEN)
        held[key] = replace(record, write=change(record.write), lifecycle=still)
    mailwarden.clock.pass_by(minutes=3)

    done = mailwarden.repairer().repair(order)

    assert done == nothing(message("repair.nothing-due"))
    looked_at = mailwarden.ledger.looks.held[B].looked_at
    assert (looked_at == mailwarden.clock.at) == is_looked_at


def test_an_order_whose_finding_is_over_finishes_no_looks() -> None:
    mailwarden, (order, _) = ordered("A", "B")
    mailwarden.repairer().repair(order)
    mailwarden.clock.pass_by(minutes=3)

    done = mailwarden.repairer().repair(order)

    assert done.note is not None
    assert done.outcome is None
    assert mailwarden.ledger.looks.held[B].looked_at == NOON + SETTLE


def test_what_is_as_before_is_not_written_once_no_write_can_be_under_way_any_more() -> None:
    mailwarden, order, earlier = unconfirmed_before("A", writes=False)
    assert earlier.entry_id is not None
    began = mailwarden.journal.intentions[earlier.entry_id].at
    mailwarden.clock.at = began + LONGEST_WRITE - timedelta(microseconds=1)

    with pytest.raises(OutcomeUnknown) as raised:
        mailwarden.repairer().repair(order)

    assert raised.value.said == message("entry.open-not-visible", entry_id=earlier.entry_id)
    assert (mailwarden.journal.outcomes, mailwarden.written) == ({}, [])
    mailwarden.clock.at = began + LONGEST_WRITE
    assert isinstance(mailwarden.repairer().repair(order).outcome, Written)


def test_a_mark_of_a_process_that_intended_nothing_is_cleared() -> None:
    mailwarden, (order,) = ordered("A")
    leases = mailwarden.ledger.resource_leases
    leases.open_entries[OREGON.arn] = "never intended"
    mailwarden.mode = RepairMode.OFF

    assert mailwarden.repairer().repair(order) == nothing(message("repair.nothing-due"))

    assert leases.open_entries == {}


def test_a_repair_that_was_written_while_the_ledger_shows_it_waiting_is_looked_at_at_once() -> None:
    """The process died between its intention and the note at the finding; the hour has no room for another write."""
    mailwarden, (order,) = ordered("A", budget=Budget(per_account=0, per_pool=5))
    mailwarden.repairer().repair(order)
    mailwarden.hints.waiting.clear()
    due = reviewed(mailwarden).due_by("MW401")
    assert due is not None
    change = due.repair.fix.change
    intention = Intention(
        entry_id="e-1",
        at=mailwarden.clock.at,
        findings=(due.key,),
        pools=(A,),
        title=verbatim("grant it"),
        change=change,
        change_digest=change_digest(change),
        cause=BROKE,
    )
    open_entry(mailwarden, intention)
    mailwarden.clock.pass_by(minutes=6)

    done = mailwarden.repairer().repair(replace(order, cause=LATER))

    assert (done.entry_id, done.outcome) == ("e-1", Written(entry_id="e-1"))
    assert last_look(mailwarden) == (mailwarden.clock.at, LATER)
    assert mailwarden.finding("MW401", A.arn).lifecycle.is_over
    assert mailwarden.hints.waiting == []


def test_an_undo_that_an_order_concludes_is_remembered_at_every_pool_that_it_was_for() -> None:
    mailwarden, entry, at = still(*granted("A", "B"))
    earlier = earlier_undo(mailwarden, entry)
    open_entry(mailwarden, earlier)
    note = UndoneRepair(undo_id="earlier", at=earlier.at, resource=OREGON.arn, rules=("MW401",), confirmed=False)
    for pool in (A, B):
        mailwarden.ledger.looks.held[pool] = replace(mailwarden.ledger.looks.held[pool], undone=(note,))
    order = RepairOrder(
        pool_arn=A.arn, rule_id="MW401", resource=OREGON.arn, change_digest="0" * 64, looked_at=at, cause=None
    )

    mailwarden.repairer().repair(order)

    assert [each.confirmed for pool in (A, B) for each in undone_at(mailwarden, pool)] == [True, True]


def test_an_order_is_carried_out_while_the_last_look_names_its_finding_although_the_record_is_over() -> None:
    """The process of a later look ended before it had stored it: what closed the finding is not known to be true."""
    mailwarden, (order,) = ordered("A")
    record = mailwarden.finding("MW401", A.arn)
    later = order.looked_at + timedelta(seconds=1)
    mailwarden.ledger.findings.held[record.key] = changed(record, state=FindingState.RESOLVED, looked_at=later)

    assert isinstance(mailwarden.repairer().repair(order).outcome, Written)
