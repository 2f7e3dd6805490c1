"""Wires ``functions/inspect``."""

from functools import cache

from mailwarden.adapters.aws.sqs.repair_queue import SqsRepairQueue
from mailwarden.bootstrap import container
from mailwarden.domain.refs.hints import Hint
from mailwarden.inbound.cloudtrail.events import hints_from_event
from mailwarden.inbound.sqs.hints import HintBatch
from mailwarden.queue_messages.codec import hint_from, is_ours, json_object
from mailwarden.rules import ALL
from mailwarden.service.inspection.batch_cache import for_one_batch
from mailwarden.service.inspection.inspect import Inspector


@cache
def _repair_queue() -> SqsRepairQueue:
    return SqsRepairQueue(container.sqs(), container.environment().repairs_queue_url)


def build_handler() -> HintBatch:
    """The handler of a batch of hints, with the settings in effect."""
    known, in_force = container.environment(), container.settings()
    return HintBatch(
        inspector=Inspector(
            path_reader=for_one_batch(container.path_reader(in_force)),
            ledger=container.ledger(),
            hints=container.hint_queue(),
            repairs=_repair_queue(),
            sweeper=container.sweeper(),
            rules=ALL,
            limits=in_force.limits(known.repair_mode),
            settle=known.settle,
            watched_regions=known.watched_regions,
            started_at=container.UtcClock().now(),
            severities=in_force.severities,
        ),
        understand=_hints_of,
    )


def _hints_of(body: str) -> tuple[Hint, ...]:
    """The hints of one message: an EventBridge event or a hint of our own; raises an error for any other message."""
    document = json_object(body)
    if is_ours(document):
        return (hint_from(document),)
    known = container.environment()
    return hints_from_event(document, account=known.account, partition=known.partition)
