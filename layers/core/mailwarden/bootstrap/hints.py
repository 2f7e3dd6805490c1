"""Where hints wait, and what spreads a region's pools into hints."""

from functools import cache

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.adapters.aws.sqs.hint_queue import SqsHintQueue
from mailwarden.adapters.ledger.known_pools import DynamoKnownPools
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import ledger_table
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
