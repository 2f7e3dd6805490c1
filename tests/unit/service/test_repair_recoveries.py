"""Orders that come again after a write whose end was not known, or whose looks were not finished: whole answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState, Handling, LastWrite
from mailwarden.domain.repair.journal import (
    NotWritten,
    RepairOrder,
    Unconfirmed,
    Written,
)
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import message, verbatim
from mailwarden.service.repair.repair import Repaired
from tests.builders import NOON
from tests.fakes.deployment import Deployment
from tests.unit.decisions.repairs import OREGON, seoul
from tests.unit.service.standing import BROKE, SETTLE, WINDOW, A, Answers, B, nothing, ordered, waiting


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
