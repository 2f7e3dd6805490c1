"""Where hints, looks and orders wait, and what spreads a region's pools into hints."""

from functools import cache

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.adapters.aws.sqs.hint_queue import SqsHintQueue
from mailwarden.adapters.aws.sqs.repair_queue import SqsRepairQueue
from mailwarden.adapters.ledger.inspection.rate_shares import DynamoRateShares
from mailwarden.adapters.ledger.inspection.waiting_looks import DynamoWaitingLooks
from mailwarden.adapters.ledger.known_pools import DynamoKnownPools
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.adapters.ledger.repair.waiting_orders import DynamoWaitingOrders
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import ledger_table
from mailwarden.service.inspection.fan_out import FanOut
from mailwarden.service.inspection.repair_orders import RepairOrders
from mailwarden.service.monitoring.sweep import Sweeper


@cache
def pools() -> CognitoPools:
    """The user pools."""
    known = container.environment()
    return CognitoPools(clients=container.clients(), partition=known.partition, account=known.account)


@cache
def hint_queue() -> SqsHintQueue:
    """Where hints wait."""
    return SqsHintQueue(container.sqs(), container.environment().hints_queue_url)


@cache
def fan_out() -> FanOut:
    """The looks that wait for their places in AWS's rates."""
    return FanOut(
        waiting=DynamoWaitingLooks(table=ledger_table()),
        shares=DynamoRateShares(table=ledger_table()),
        hints=hint_queue(),
        looks=DynamoLooks(table=ledger_table()),
        clock=container.UtcClock(),
    )


@cache
def repair_orders() -> RepairOrders:
    """Where orders for repairs wait."""
    known = container.environment()
    return RepairOrders(
        queue=SqsRepairQueue(container.sqs(), known.repairs_queue_url),
        waiting=DynamoWaitingOrders(table=ledger_table()),
        clock=container.UtcClock(),
        settle=known.settle,
    )


@cache
def sweeper() -> Sweeper:
    """The sweep that spreads a region's pools into hints."""
    known = container.environment()
    return Sweeper(
        pools=pools(),
        hints=hint_queue(),
        resources_in_use=DynamoResourcesInUse(table=ledger_table()),
        known_pools=DynamoKnownPools(table=ledger_table()),
        looks=DynamoLooks(table=ledger_table()),
        clock=container.UtcClock(),
        partition=known.partition,
        account=known.account,
    )
