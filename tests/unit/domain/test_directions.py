"""The direction of a change, the state that it leaves, and whether it starts from what an earlier one left."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.monitoring.fights import Direction, after_write
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.repair.directions import direction_of, state_left, undoes
from tests.builders import ACCOUNT, NOON, OTHER_ACCOUNT, developer, identity_ref, pool_ref

POLICIES = {"mailwarden-cognito": '{"Statement": []}', "theirs": None}
GRANT = GrantSending(identity=identity_ref(), pools=(pool_ref(),), before={}, after=POLICIES)
MOVE = ReplaceEmailConfiguration(
    pool=pool_ref(), before=EmailConfiguration(), after=developer(identity_ref("\ud800@example.com"))
)
ROLE = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)


def later(change: Change, *, from_left: bool) -> Change:
    """The same change, from the state that *change* left, or from another one."""
    match change:
        case GrantSending():
            return replace(change, before=change.after if from_left else {"theirs": None})
        case ReplaceEmailConfiguration():
            return replace(change, before=change.after if from_left else developer(identity_ref("x@example.com")))
        case CreateServiceLinkedRole():
            return change


@pytest.mark.parametrize(
    ("change", "direction"), [(GRANT, Direction.GRANT), (MOVE, Direction.CONFIGURE), (ROLE, Direction.CREATE)]
)
def test_a_change_is_due_again_where_what_it_left_is_no_longer_there(change: Change, direction: Direction) -> None:
    history = after_write(
        None, resource="r", direction=direction_of(change), wrote=state_left(change), entry_id="e", at=NOON
    )

    assert history.direction is direction
    assert len(history.wrote) == 32
    assert undoes(later(change, from_left=False), history)
    assert undoes(later(change, from_left=True), history) == (change is ROLE)


def test_changes_that_leave_different_states_are_told_apart() -> None:
    another = replace(ROLE, account=OTHER_ACCOUNT)
    left = [state_left(change) for change in (GRANT, MOVE, ROLE, another, replace(MOVE, after=EmailConfiguration()))]

    assert len(set(left)) == 5
