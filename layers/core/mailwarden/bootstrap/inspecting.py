"""What ``functions/inspect`` is made of."""

from functools import cache

from mailwarden.adapters.repair_queue import SqsRepairQueue
from mailwarden.bootstrap import home
from mailwarden.domain.hints import Hint
from mailwarden.inbound.cloudtrail import hints_from_event
from mailwarden.inbound.hint_batches import HintBatch
from mailwarden.inbound.messages import hint_from, is_ours, json_object
from mailwarden.rules import ALL
from mailwarden.service.inspecting import Inspector
from mailwarden.service.sharing import for_one_batch


@cache
def _repair_queue() -> SqsRepairQueue:
    return SqsRepairQueue(home.sqs(), home.environment().repairs_queue_url)


def inspecting() -> HintBatch:
    """The handler of a batch of hints, under the settings in force."""
    known, in_force = home.environment(), home.settings()
    return HintBatch(
        inspector=Inspector(
            looker=for_one_batch(home.looker(in_force)),
            ledger=home.ledger(),
            hints=home.hint_queue(),
            repairs=_repair_queue(),
            sweeper=home.sweeper(),
            rules=ALL,
            limits=in_force.limits(known.repair_mode),
            settle=known.settle,
            watched_regions=known.watched_regions,
            started_at=home.UtcClock().now(),
            severities=in_force.severities,
        ),
        understand=_hints_of,
    )


def _hints_of(body: str) -> tuple[Hint, ...]:
    """The queue carries events of EventBridge and hints of our own; raises what says that it is neither."""
    document = json_object(body)
    if is_ours(document):
        return (hint_from(document),)
    known = home.environment()
    return hints_from_event(document, account=known.account, partition=known.partition)
