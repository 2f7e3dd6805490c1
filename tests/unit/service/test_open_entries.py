"""An open entry: what may conclude it, and when."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.repair.journal import NotWritten, RepairOrder, Unconfirmed, WriteResult, Written
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import message, verbatim
from mailwarden.service.repair.repair import Repaired
from mailwarden.service.repair.write_protocol import OutcomeUnknown
from tests.builders import NOON, sending_policy
from tests.fakes.deployment import Deployment, hint
from tests.fakes.mortal import Died, Life, mortal
from tests.texts import says
from tests.unit.decisions.repairs import OPENED, OREGON, seoul
from tests.unit.operator.repaired import granted, undo
from tests.unit.service.test_write_protocol import THROTTLED, die, orders_of


def test_a_write_that_is_not_visible_yet_is_not_concluded_as_not_written() -> None:
    mailwarden = Deployment()
    first, second = orders_of(mailwarden, "A", "B")
    by, old = mailwarden.held_writer(), mailwarden.identities.held[OREGON]

    class Invisible:
        def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
            by.write(change, entry_id=entry_id)
            window = WriteWindow(resource=change.resource, compared_at=NOON, written_at=NOON)
            return Unconfirmed(reason=verbatim("not visible"), window=window)

    mailwarden.writer = Invisible()
    mailwarden.repairer().repair(first)
    mailwarden.writer = None
    live, mailwarden.identities.held[OREGON] = mailwarden.identities.held[OREGON], old

    with pytest.raises(OutcomeUnknown, check=says("may not be visible yet")):
        mailwarden.repairer().repair(second)

    assert (mailwarden.journal.outcomes, len(mailwarden.written)) == ({}, 1)
    mailwarden.identities.held[OREGON] = live
    mailwarden.repairer().repair(second)
    outcomes = [type(outcome) for outcome, _ in mailwarden.journal.outcomes.values()]
    assert (outcomes, len(mailwarden.written)) == ([Written], 1)


def test_an_order_of_a_finding_that_is_over_concludes_the_open_entry() -> None:
    """The process died before it noted at the finding that it writes, and somebody else granted the pool meanwhile."""
    mailwarden = Deployment()
    (order,) = orders_of(mailwarden, "A")
    die(mailwarden, order, "after journal.intend")
    mailwarden.clock.pass_by(minutes=6)
    theirs = {"theirs": sending_policy(OREGON, seoul("A").ref)}
    mailwarden.hold(replace(OPENED, policies=theirs))
    mailwarden.inspect(hint(seoul("A")))
    assert mailwarden.finding("MW401", seoul("A").ref.arn).lifecycle.state is FindingState.RESOLVED

    mailwarden.repairer().repair(order)

    outcomes = [type(outcome) for outcome, _ in mailwarden.journal.outcomes.values()]
    assert (outcomes, mailwarden.written) == ([NotWritten], [])
    assert mailwarden.ledger.resource_leases.open_entries == {}
    assert mailwarden.finding("MW401", seoul("A").ref.arn).lifecycle.state is FindingState.RESOLVED


def test_a_throttle_does_not_put_an_order_off_while_an_entry_is_open() -> None:
    """The look that a hint brings may find nothing any more, and then no order would conclude the entry."""
    mailwarden = Deployment()
    (order,) = orders_of(mailwarden, "A")
    die(mailwarden, order, "after writer.write")
    mailwarden.clock.pass_by(minutes=6)
    live, mailwarden.identities.held[OREGON] = mailwarden.identities.held[OREGON], THROTTLED

    with pytest.raises(OutcomeUnknown, check=says("TooManyRequestsException")):
        mailwarden.repairer().repair(order)

    assert mailwarden.hints.waiting == []
    mailwarden.identities.held[OREGON] = live
    mailwarden.inspect(hint(seoul("A")))
    mailwarden.repairer().repair(order)
    assert [type(outcome) for outcome, _ in mailwarden.journal.outcomes.values()] == [Written]


def test_an_order_that_recovers_and_then_writes_unconfirmed_says_so() -> None:
    """Its result decides whether SQS delivers it again; told by the recovery, the second entry would stay open."""
    mailwarden = Deployment()
    (order,) = orders_of(mailwarden, "A")
    die(mailwarden, order, "before writer.write")
    mailwarden.clock.pass_by(minutes=6)
    by = mailwarden.held_writer()

    class Invisible:
        def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
            by.write(change, entry_id=entry_id)
            window = WriteWindow(resource=change.resource, compared_at=NOON, written_at=NOON)
            return Unconfirmed(reason=verbatim("not visible"), window=window)

    mailwarden.writer = Invisible()
    done = mailwarden.repairer().repair(order)

    assert isinstance(done.outcome, Unconfirmed)
    assert done.entry_id in mailwarden.journal.intentions.keys() - mailwarden.journal.outcomes.keys()
    mailwarden.repairer().repair(order)
    outcomes = [type(outcome) for outcome, _ in mailwarden.journal.outcomes.values()]
    assert outcomes == [NotWritten, Written]


def test_an_undo_that_a_repair_concludes_is_not_told_as_a_repair() -> None:
    mailwarden, entry_id = granted("A")
    twin, of_twin = granted("A")
    life = Life()
    undo(mortal(twin, life), of_twin)
    with pytest.raises(Died):
        undo(mortal(mailwarden, Life(ends_at=life.moments.index("after writer.write"))), entry_id)
    mailwarden.clock.pass_by(minutes=6)
    order = RepairOrder(
        pool_arn=seoul("A").ref.arn,
        rule_id="MW401",
        resource=OREGON.arn,
        change_digest="0" * 64,
        looked_at=mailwarden.clock.now(),
        cause=None,
    )

    done = mailwarden.repairer().repair(order)

    assert done == Repaired(pool=seoul("A").ref, rule_id="MW401", note=message("repair.nothing-due"))
    entry = mailwarden.journal.entry(entry_id)
    assert entry is not None
    assert entry.undone_by in mailwarden.journal.outcomes
    assert mailwarden.ledger.resource_leases.open_entries == {}
    mailwarden.settle_down(*mailwarden.hints.take_all())
    assert mailwarden.finding("MW401", seoul("A").ref.arn).write.handling is Handling.WITHHELD


def test_what_an_order_concludes_for_others_is_told_of_a_pool_that_was_served() -> None:
    mailwarden = Deployment()
    (first,) = orders_of(mailwarden, "A")
    die(mailwarden, first, "after writer.write")
    mailwarden.clock.pass_by(minutes=6)
    mailwarden.hold(seoul("C"))
    mailwarden.inspect(hint(seoul("C")))
    (second,) = mailwarden.repairs.take_all()
    mailwarden.mode = RepairMode.OFF

    done = mailwarden.repairer().repair(second)

    assert isinstance(done.outcome, Written)
    assert (done.pool, done.rule_id) == (seoul("A").ref, "MW401")


def test_an_entry_that_has_its_outcome_is_finished_whatever_is_live_by_now() -> None:
    mailwarden = Deployment()
    (order,) = orders_of(mailwarden, "A")
    die(mailwarden, order, "after journal.conclude")
    mailwarden.clock.pass_by(minutes=6)
    (concluded,) = mailwarden.journal.outcomes.values()
    mailwarden.identities.held[OREGON] = THROTTLED

    done = mailwarden.repairer().repair(order)

    assert done.outcome == concluded[0]
    assert list(mailwarden.journal.outcomes.values()) == [concluded]
    assert mailwarden.ledger.resource_leases.open_entries == {}
    assert mailwarden.finding("MW401", seoul("A").ref.arn).write.handling is Handling.WRITTEN
