"""A repair that its order withholds, because a source sets the pool, stays withheld while the source has it."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.record import Handling
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.message import message
from mailwarden.ports.repair.stacks import Owned
from tests.fakes.deployment import cause
from tests.unit.service.test_owned_pools import SESSION, STACK, called, misplaced


@pytest.mark.parametrize("of", ["a stack", "a stack that cannot be asked for", "a tool", "a deployment role"])
def test_a_pool_of_a_source_stays_withheld_at_every_sweep(of: str) -> None:
    deployment, pool = misplaced()
    first = PoolHint(pool=pool)
    match of:
        case "a stack":
            deployment.stacks.owners[pool] = Owned(by=STACK)
        case "a tool":
            first = replace(first, cause=called("terraform"))
        case "a deployment role":
            first = replace(first, cause=replace(cause("UpdateUserPool"), actor=SESSION))
        case _:
            deployment.stacks.owners[pool] = Owned(by=message("owner.unknown", code="AccessDenied"))
    deployment.settle_down(first)
    withheld, told_once = deployment.finding("MW201", pool.arn), deployment.told()

    for _ in range(3):
        deployment.clock.pass_by(minutes=60)
        deployment.inspect(PoolHint(pool=pool))
        assert deployment.finding("MW201", pool.arn).write == withheld.write
        deployment.settle_down()
        known = deployment.finding("MW201", pool.arn)
        assert (known.write, known.lifecycle.version) == (withheld.write, withheld.lifecycle.version)

    assert deployment.told() == told_once
    assert deployment.written == []


def test_a_pool_that_its_stack_gave_up_is_repaired_at_the_next_sweep() -> None:
    deployment, pool = misplaced()
    deployment.stacks.owners[pool] = Owned(by=STACK)
    deployment.settle_down(PoolHint(pool=pool))
    deployment.stacks.owners.clear()
    deployment.clock.pass_by(minutes=60)

    deployment.settle_down(PoolHint(pool=pool))

    record = deployment.finding("MW201", pool.arn)
    assert (record.lifecycle.state.value, record.write.handling) == ("repaired", Handling.WRITTEN)
