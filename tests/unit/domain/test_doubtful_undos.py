"""An undo of which nobody noted that it was written: it keeps no repair away, and an order concludes it."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.domain.repair.undone_repairs import (
    UNDER_WAY,
    conclusions_of,
    undone_after,
    undone_repair_of,
    without_undo,
)
from tests.builders import NOON
from tests.unit.decisions.test_undone_repairs import FOUND, RESOURCE, RULE, STATES, after


def test_a_doubtful_undo_keeps_nothing_and_hides_no_certain_one() -> None:
    certain = UndoneRepair(undo_id="e-2", at=NOON, resource=RESOURCE, rules=(RULE,), state=None)
    doubtful = replace(certain, undo_id="e-1", confirmed=False)
    (found,) = FOUND["found"]
    path = replace(after(doubtful, certain), taken_at=NOON + UNDER_WAY)

    assert undone_repair_of(found, path) == certain
    assert undone_repair_of(found, replace(after(doubtful), taken_at=NOON + UNDER_WAY)) is None
    just_before = replace(after(doubtful), taken_at=NOON + UNDER_WAY - timedelta(microseconds=1))
    assert undone_repair_of(found, just_before) == doubtful


def test_an_order_concludes_each_doubtful_undo_from_two_minutes_on() -> None:
    certain = UndoneRepair(undo_id="e-2", at=NOON, resource=RESOURCE, rules=(RULE,), state=None)
    doubtful = replace(certain, undo_id="e-1", rules=("MW201", "MW105"), confirmed=False)
    path = after(certain, doubtful)
    pool_arn = path.pool.ref.arn

    assert list(conclusions_of(path, at=NOON + UNDER_WAY - timedelta(microseconds=1))) == []
    assert list(conclusions_of(path, at=NOON + UNDER_WAY)) == [
        RepairOrder(
            pool_arn=pool_arn,
            rule_id="MW201",
            resource=RESOURCE,
            change_digest=hashlib.sha256(f"{pool_arn} e-1".encode()).hexdigest(),
            looked_at=NOON + UNDER_WAY,
            cause=None,
        )
    ]


def test_an_undo_that_is_not_confirmed_is_passed_on_whatever_the_state_is() -> None:
    doubtful = UndoneRepair(
        undo_id="e-1", at=NOON, resource=RESOURCE, rules=(RULE,), state=STATES["changed"], confirmed=False
    )
    path, late = after(doubtful), NOON + timedelta(hours=1)

    kept = undone_after(path.ledger_facts.last_look, path, FOUND["found"], undecided=(), at=late)

    assert kept == (doubtful,)


def test_an_undo_replaces_those_of_its_resource() -> None:
    first = UndoneRepair(undo_id="e-1", at=NOON, resource=RESOURCE, rules=(RULE,), state=None)
    second, elsewhere = replace(first, undo_id="e-2"), replace(first, undo_id="e-3", resource="another")
    known = (first, second, elsewhere)

    assert without_undo(known, second) == (elsewhere,)
