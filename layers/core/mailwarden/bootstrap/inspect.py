"""Wires ``functions/inspect``."""

from dataclasses import replace
from functools import cache

from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.adapters.aws.sqs.message_visibility import SqsMessageVisibility
from mailwarden.adapters.ledger.inspection.turns import DynamoTurns
from mailwarden.adapters.ledger.known_pools import DynamoKnownPools
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse
from mailwarden.adapters.ledger.write_windows import DynamoWriteWindows
from mailwarden.bootstrap import container
from mailwarden.bootstrap.hints import fan_out, hint_queue, repair_orders, sweeper
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.bootstrap.mail_paths import connect_path_reader, path_reader, recorder
from mailwarden.bootstrap.settings import settings_in_force
from mailwarden.domain.refs.hints import Hint
from mailwarden.inbound.cloudtrail.events import hints_from_event
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.hints import HintBatch
from mailwarden.queue_messages.codec import hint_from, is_ours, json_object
from mailwarden.rules import ALL
from mailwarden.service.inspection.batch_cache import RecentReadings, for_one_batch
from mailwarden.service.inspection.batch_findings import BatchFindings
from mailwarden.service.inspection.concerned_pools import ConcernedPools
from mailwarden.service.inspection.inspect import Inspector
from mailwarden.service.inspection.overlap_recorder import OverlapRecorder
from mailwarden.service.repair.source_owners import SourceOwners


@cache
def _recent_readings() -> RecentReadings:
    return RecentReadings()


def build_handler() -> HintBatch:
    """The handler of a batch of hints, with the settings in effect."""
    known, in_force, clock = container.environment(), settings_in_force(), container.UtcClock()
    started_at, roles = clock.now(), f"arn:{known.partition}:iam::{known.account}:role/"
    repair_role, operate_role = f"{roles}{known.repair_role}", f"{roles}{known.operate_role}"
    return HintBatch(
        pools=ConcernedPools(
            resources_in_use=DynamoResourcesInUse(table=ledger_table()),
            known_pools=DynamoKnownPools(table=ledger_table()),
            hints=hint_queue(),
            sweeper=sweeper(),
            fan_out=fan_out(),
            turns=DynamoTurns(table=ledger_table()),
            watched_regions=known.watched_regions,
            started_at=started_at,
            overlaps=OverlapRecorder(
                windows=DynamoWriteWindows(table=ledger_table()),
                own_roles=(repair_role, operate_role),
                clock=clock,
            ),
            repair_role=repair_role,
        ),
        inspector=Inspector(
            readers=for_one_batch(path_reader(in_force), clock=clock, started_at=started_at, recent=_recent_readings()),
            recorder=replace(recorder(), findings=BatchFindings(below=findings())),
            orders=repair_orders(),
            fan_out=fan_out(),
            rules=ALL,
            limits=in_force.limits(known.repair_mode),
            owners=SourceOwners(
                stacks=CloudFormationStacks(clients=container.clients()), deployment_roles=in_force.deployment_roles
            ),
            settle=known.settle,
            started_at=started_at,
            severities=in_force.severities,
        ),
        understand=_hints_of,
        backoff=Backoff(visibility=SqsMessageVisibility(client=container.sqs(), queue_url=known.hints_queue_url)),
    )


def _hints_of(body: str) -> tuple[Hint, ...]:
    """The hints of one message: an EventBridge event or a hint of our own; raises an error for any other message."""
    document = json_object(body)
    if is_ours(document):
        return (hint_from(document),)
    known = container.environment()
    return hints_from_event(document, account=known.account, partition=known.partition)


def prepare() -> None:
    """Build what every hint needs before the first one comes."""
    container.build_early(connect_path_reader, recorder, sweeper, fan_out, repair_orders)
