"""Wires ``functions/operate``."""

from functools import cache

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.dynamodb.entry_ids import new_entry_id
from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.adapters.aws.ses.suppressed_address import SesSuppressedAddresses
from mailwarden.adapters.ledger.removals import DynamoRemovals
from mailwarden.adapters.ledger.repair_budgets import DynamoRepairBudgets
from mailwarden.adapters.ledger.stop_switch import DynamoStopSwitch
from mailwarden.adapters.ledger.write_histories import DynamoWriteHistories
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import ledger_table
from mailwarden.inbound.invoke.release_order import ReleaseOrders
from mailwarden.inbound.invoke.switch_order import SwitchOrders
from mailwarden.inbound.invoke.unsuppress_order import OperatorOrders
from mailwarden.service.operator.release import Release
from mailwarden.service.operator.unsuppress import Unsuppression


@cache
def build_handler() -> OperatorOrders:
    """The handler of operators' orders. No setting and no repair mode blocks them: an operator gave them."""
    known = container.environment()
    return OperatorOrders(
        operator=Unsuppression(
            lists=SesSuppressedAddresses(
                clients=container.clients(), account=known.account, time=container.write_time()
            ),
            removals=DynamoRemovals(table=ledger_table()),
            journal=DynamoJournal(ledger_table().client, known.journal_table),
            new_entry_id=new_entry_id,
            clock=container.UtcClock(),
            home_region=known.home_region,
        ),
        releases=ReleaseOrders(
            release=Release(
                budgets=DynamoRepairBudgets(table=ledger_table()),
                histories=DynamoWriteHistories(table=ledger_table()),
                clock=container.UtcClock(),
            ),
            partition=known.partition,
            account=known.account,
        ),
        switch=SwitchOrders(switch=DynamoStopSwitch(table=ledger_table()), clock=container.UtcClock()),
        partition=known.partition,
        account=known.account,
    )


def prepare() -> None:
    """Build what every order needs before the first one comes."""
    container.build_early(build_handler, container.connect(Clients.sesv2, Clients.sesv2_once))
