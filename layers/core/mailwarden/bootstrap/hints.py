"""Where hints wait, and what spreads a region's pools into hints."""

from functools import cache

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.adapters.aws.sqs.hint_queue import SqsHintQueue
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import ledger
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
    """What spreads a region's pools into hints."""
    known = container.environment()
    return Sweeper(
        pools=pools(),
        hints=hint_queue(),
        ledger=ledger(),
        clock=container.UtcClock(),
        partition=known.partition,
        account=known.account,
    )
