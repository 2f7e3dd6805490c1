"""What ``functions/operate`` is made of."""

import time
from functools import cache

from mailwarden.adapters.clients import READING
from mailwarden.adapters.journal import DynamoJournal
from mailwarden.adapters.ledger_removals import DynamoRemovals
from mailwarden.adapters.suppressed_addresses import SesSuppressedAddresses
from mailwarden.bootstrap import home
from mailwarden.bootstrap.entry_ids import new_entry_id
from mailwarden.inbound.operator_orders import OperatorOrders
from mailwarden.service.operating import Operator


@cache
def operating() -> OperatorOrders:
    """What carries out a person's orders. No setting and no mode forbids them: a person gave them."""
    known = home.environment()
    tables = home.session().client("dynamodb", config=READING)
    return OperatorOrders(
        operator=Operator(
            lists=SesSuppressedAddresses(clients=home.clients(), account=known.account, sleep=time.sleep),
            removals=DynamoRemovals(client=tables, table=known.ledger_table),
            journal=DynamoJournal(tables, known.journal_table),
            new_entry_id=new_entry_id,
            clock=home.UtcClock(),
            home_region=known.home_region,
        ),
        partition=known.partition,
        account=known.account,
    )
