"""What an order makes of the other pools of its resource, and of a stop that comes while it looks at them."""

from dataclasses import dataclass, fields, replace
from datetime import datetime

from mailwarden.domain.findings.record import Handling
from mailwarden.domain.repair.journal import (
    Written,
)
from mailwarden.domain.repair.limits import Stop
from mailwarden.message import message
from mailwarden.regions import built_in_table
from mailwarden.service.repair.joint_repair import JointRepair
from mailwarden.service.repair.pool_review import DueRepair
from tests.builders import NOON
from tests.fakes.ledger.findings import InMemoryStopSwitch
from tests.unit.decisions.repairs import seoul
from tests.unit.service.standing import (
    LATER,
    A,
    last_look,
    nothing,
    ordered,
    wrote,
)


@dataclass(slots=True, kw_only=True)
class StopsAt(InMemoryStopSwitch):
    """Somebody stops all repairs just before this reading of the switch."""

    reading: int

    def current(self) -> Stop | None:
        self.reading -= 1
        if not self.reading:
            self.stop(by="alice", now=NOON)
        return self.held


def test_a_stop_while_an_order_looks_at_the_other_pools_holds() -> None:
    mailwarden, (order, _) = ordered("A", "B")
    mailwarden.ledger.stop_switch = StopsAt(reading=3)

    done = mailwarden.repairer().repair(replace(order, cause=LATER))

    assert done == nothing(message("repair.nothing-due"))
    assert mailwarden.written == []
    assert last_look(mailwarden) == (mailwarden.clock.at, LATER)
    assert wrote(mailwarden).handling is Handling.WITHHELD


def test_the_switch_is_read_once_for_one_pool_before_its_write() -> None:
    mailwarden, (order,) = ordered("A")
    mailwarden.ledger.stop_switch = StopsAt(reading=2)

    assert isinstance(mailwarden.repairer().repair(order).outcome, Written)


def test_a_pool_that_the_joint_grant_leaves_out_is_not_served() -> None:
    mailwarden, (order,) = ordered("A")
    repairer = mailwarden.repairer()

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Generous(JointRepair):
        """It has another pool whose region has no row, so that no grant can name it."""

        def others(self, first: DueRepair, *, at: datetime) -> tuple[DueRepair, ...]:
            path = replace(first.path, pool=seoul("B"), row=built_in_table().row("nowhere"), taken_at=at)
            return (replace(first, path=path),)

    joint = Generous(**{each.name: getattr(repairer.joint, each.name) for each in fields(JointRepair)})

    replace(repairer, joint=joint).repair(order)

    (intention,) = mailwarden.journal.intentions.values()
    assert (intention.pools, len(intention.findings)) == ((A,), 1)
