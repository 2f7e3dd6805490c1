"""The services of `repair` over what a deployment in memory holds."""

from datetime import timedelta
from typing import TYPE_CHECKING

from mailwarden.service.inspection.repair_orders import RepairOrders
from mailwarden.service.repair.joint_repair import JointRepair
from mailwarden.service.repair.look_again import LookAgain
from mailwarden.service.repair.order_runner import OrderRunner
from mailwarden.service.repair.repair import Repairer
from mailwarden.service.repair.restore_proof import RestoreProof
from mailwarden.service.repair.undo_notes import UndoNotes
from tests.fakes.inspection import fan_out_of

if TYPE_CHECKING:
    from tests.fakes.deployment import Deployment

SETTLE = timedelta(seconds=30)


def orders_of(mailwarden: "Deployment") -> RepairOrders:
    return RepairOrders(
        queue=mailwarden.repairs, waiting=mailwarden.ledger.waiting_orders, clock=mailwarden.clock, settle=SETTLE
    )


def joint_of(mailwarden: "Deployment") -> JointRepair:
    return JointRepair(
        reviewer=mailwarden.reviewer(),
        findings=mailwarden.ledger.findings,
        open_fixes=mailwarden.ledger.open_fixes,
        guard=mailwarden.guard(),
        clock=mailwarden.clock,
        settle=SETTLE,
        pause=lambda time: mailwarden.clock.pass_by(seconds=time.total_seconds()),
    )


def undo_notes_of(mailwarden: "Deployment") -> UndoNotes:
    return UndoNotes(looks=mailwarden.ledger.looks, journal=mailwarden.journal, clock=mailwarden.clock)


def repairer_of(mailwarden: "Deployment") -> Repairer:
    reviewer = mailwarden.reviewer()
    return Repairer(
        reviewer=reviewer,
        protocol=mailwarden.protocol(),
        joint=joint_of(mailwarden),
        look_again=LookAgain(
            reviewer=reviewer, fan_out=fan_out_of(mailwarden), hints=mailwarden.hints, clock=mailwarden.clock
        ),
        guard=mailwarden.guard(),
        hints=mailwarden.hints,
        clock=mailwarden.clock,
        proof=RestoreProof(past_calls=mailwarden.past_calls, settle=SETTLE, wait=mailwarden.restore_after),
        undo_notes=undo_notes_of(mailwarden),
    )


def runner_of(mailwarden: "Deployment") -> OrderRunner:
    return OrderRunner(
        repairer=repairer_of(mailwarden),
        joint=joint_of(mailwarden),
        orders=orders_of(mailwarden),
        shares=mailwarden.ledger.shares,
        pause=lambda time: mailwarden.clock.pass_by(seconds=time.total_seconds()),
        clock=mailwarden.clock,
    )
