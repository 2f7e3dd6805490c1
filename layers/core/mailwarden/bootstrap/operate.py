"""Wires ``functions/operate``."""

from functools import cache

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.adapters.aws.dynamodb.entry_ids import new_entry_id
from mailwarden.adapters.aws.ses.suppressed_address import SesSuppressedAddresses
from mailwarden.adapters.ledger.removals import DynamoRemovals
from mailwarden.adapters.ledger.repair_budgets import DynamoRepairBudgets
from mailwarden.adapters.ledger.stop_switch import DynamoStopSwitch
from mailwarden.adapters.ledger.write_histories import DynamoWriteHistories
from mailwarden.bootstrap import container
from mailwarden.bootstrap.hints import fan_out, hint_queue, pools
from mailwarden.bootstrap.ledger import ledger_table
from mailwarden.bootstrap.mail_paths import path_reader, recorder
from mailwarden.bootstrap.settings import settings_in_force
from mailwarden.bootstrap.writing import journal, undo_notes, write_protocol
from mailwarden.inbound.invoke.orders import AnyOrder
from mailwarden.inbound.invoke.release_order import RELEASE, ReleaseOrders
from mailwarden.inbound.invoke.sender_order import SET_SENDER, SenderOrders
from mailwarden.inbound.invoke.switch_order import START, STOP, SwitchOrders
from mailwarden.inbound.invoke.undo_order import UNDO, UndoOrders
from mailwarden.inbound.invoke.unsuppress_order import UNSUPPRESS, UnsuppressOrders
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import speak
from mailwarden.rules import ALL
from mailwarden.service.operator.release import Release
from mailwarden.service.operator.sender_foresight import SenderForesight
from mailwarden.service.operator.set_sender import SenderWrites
from mailwarden.service.operator.undo import EntryUndo
from mailwarden.service.operator.unsuppress import Unsuppression
from mailwarden.service.repair.look_again import LookAgain
from mailwarden.service.repair.pool_review import PoolReviewer


@cache
def build_handler() -> AnyOrder:
    """The handler of operators' orders. No setting and no repair mode blocks them: an operator gave them."""
    speak(catalogue_of(container.environment().alert_language))
    unsuppress, switch = _unsuppress_orders(), DynamoStopSwitch(table=ledger_table())
    return AnyOrder(
        handlers={
            UNDO: _undo_orders,
            SET_SENDER: _sender_orders,
            UNSUPPRESS: lambda: unsuppress,
            RELEASE: _release_orders,
            STOP: lambda: SwitchOrders(action=STOP, switch=switch, clock=container.UtcClock()),
            START: lambda: SwitchOrders(action=START, switch=switch, clock=container.UtcClock()),
        }
    )


def _unsuppress_orders() -> UnsuppressOrders:
    known = container.environment()
    return UnsuppressOrders(
        operator=Unsuppression(
            lists=SesSuppressedAddresses(
                clients=container.clients(), account=known.account, time=container.write_time()
            ),
            removals=DynamoRemovals(table=ledger_table()),
            journal=journal(),
            new_entry_id=new_entry_id,
            clock=container.UtcClock(),
            home_region=known.home_region,
        ),
        partition=known.partition,
        account=known.account,
    )


def _release_orders() -> ReleaseOrders:
    known = container.environment()
    return ReleaseOrders(
        release=Release(
            budgets=DynamoRepairBudgets(table=ledger_table()),
            histories=DynamoWriteHistories(table=ledger_table()),
            protocol=write_protocol(),
            clock=container.UtcClock(),
        ),
        partition=known.partition,
        account=known.account,
    )


def _look_again(reviewer: PoolReviewer) -> LookAgain:
    return LookAgain(reviewer=reviewer, fan_out=fan_out(), hints=hint_queue(), clock=container.UtcClock())


def _undo_orders() -> UndoOrders:
    known, clock = container.environment(), container.UtcClock()
    reviewer = _reviewer()
    return UndoOrders(
        undoing=EntryUndo(
            reviewer=reviewer,
            protocol=write_protocol(),
            look_again=_look_again(reviewer),
            undo_notes=undo_notes(),
            clock=clock,
            account=known.account,
            home_region=known.home_region,
        )
    )


def _sender_orders() -> SenderOrders:
    known, clock = container.environment(), container.UtcClock()
    reviewer = _reviewer()
    return SenderOrders(
        writes=SenderWrites(
            reviewer=reviewer,
            protocol=write_protocol(),
            look_again=_look_again(reviewer),
            second_factors=pools(),
            foresight=SenderForesight(reviewer=reviewer, stacks=CloudFormationStacks(clients=container.clients())),
            clock=clock,
            partition=known.partition,
            account=known.account,
            home_region=known.home_region,
            watched_regions=known.watched_regions,
        )
    )


def _reviewer() -> PoolReviewer:
    """With the settings in effect: they take part in the judgment, and in nothing else."""
    known, in_force = container.environment(), settings_in_force()
    return PoolReviewer(
        path_reader=path_reader(in_force, feedback_ttl=0),
        recorder=recorder(),
        rules=ALL,
        limits=in_force.limits(known.repair_mode),
        stop_switch=DynamoStopSwitch(table=ledger_table()),
        severities=in_force.severities,
    )


def prepare() -> None:
    """Build what every order needs before the first one comes."""
    container.build_early(build_handler, container.connect(Clients.sesv2, Clients.sesv2_once))
