"""The services of operators in a deployment in memory."""

from mailwarden.service.operator.release import Release
from mailwarden.service.operator.sender_foresight import SenderForesight
from mailwarden.service.operator.set_sender import SenderWrites
from mailwarden.service.operator.undo import EntryUndo
from mailwarden.service.repair.look_again import LookAgain
from tests.builders import ACCOUNT
from tests.fakes.deployment import Deployment, TickingClock
from tests.fakes.inspection import fan_out_of
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.order_running import undo_notes_of


def undoing(mailwarden: Deployment) -> EntryUndo:
    """What ``operate`` uses to undo an entry."""
    reviewer = mailwarden.reviewer()
    return EntryUndo(
        reviewer=reviewer,
        protocol=mailwarden.protocol(),
        look_again=LookAgain(
            reviewer=reviewer, fan_out=fan_out_of(mailwarden), hints=mailwarden.hints, clock=mailwarden.clock
        ),
        undo_notes=undo_notes_of(mailwarden),
        clock=mailwarden.clock,
        account=ACCOUNT,
        home_region="us-east-1",
    )


def sender_writes(mailwarden: Deployment) -> SenderWrites:
    """What ``operate`` uses to set the sender of a pool."""
    reviewer = mailwarden.reviewer()
    return SenderWrites(
        reviewer=reviewer,
        protocol=mailwarden.protocol(),
        look_again=LookAgain(
            reviewer=reviewer, fan_out=fan_out_of(mailwarden), hints=mailwarden.hints, clock=mailwarden.clock
        ),
        second_factors=mailwarden.pools,
        foresight=SenderForesight(reviewer=reviewer, stacks=mailwarden.stacks),
        clock=mailwarden.clock,
        partition="aws",
        account=ACCOUNT,
        home_region="us-east-1",
        watched_regions=mailwarden.watched_regions,
    )


def release_of(ledger: InMemoryLedger, clock: TickingClock) -> Release:
    """What ``operate`` uses to release repairs that wait."""
    mailwarden = Deployment(ledger=ledger, clock=clock)
    return Release(
        budgets=ledger.budgets, histories=ledger.histories, protocol=mailwarden.protocol(), clock=mailwarden.clock
    )
