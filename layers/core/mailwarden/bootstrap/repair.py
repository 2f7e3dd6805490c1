"""Wires ``functions/repair``."""

import time
from datetime import timedelta

from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.adapters.aws.cloudtrail.past_calls import CloudTrailPastCalls
from mailwarden.adapters.aws.ses.request_pace import RequestPace
from mailwarden.adapters.aws.sqs.message_visibility import SqsMessageVisibility
from mailwarden.adapters.ledger.inspection.rate_shares import DynamoRateShares
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.adapters.ledger.repair.open_fixes import DynamoOpenFixes
from mailwarden.adapters.ledger.repair_budgets import DynamoRepairBudgets
from mailwarden.adapters.ledger.stop_switch import DynamoStopSwitch
from mailwarden.adapters.metrics.own_metrics import EmfMetrics
from mailwarden.bootstrap import container
from mailwarden.bootstrap.hints import fan_out, hint_queue, repair_orders
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.bootstrap.mail_paths import connect_path_reader, path_reader, recorder
from mailwarden.bootstrap.settings import settings_in_force
from mailwarden.bootstrap.writing import fights, undo_notes, write_protocol
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.repairs import RepairBatch
from mailwarden.queue_messages.codec import order_from_body
from mailwarden.rules import ALL
from mailwarden.service.repair.joint_repair import JointRepair
from mailwarden.service.repair.look_again import LookAgain
from mailwarden.service.repair.order_runner import OrderRunner
from mailwarden.service.repair.pool_review import PoolReviewer
from mailwarden.service.repair.repair import Repairer
from mailwarden.service.repair.repair_guard import Budget, RepairGuard
from mailwarden.service.repair.restore_proof import RestoreProof
from mailwarden.service.repair.source_owners import SourceOwners


def _pause(time_to_pass: timedelta) -> None:
    time.sleep(time_to_pass.total_seconds())


def build_handler() -> RepairBatch:
    """The handler of a batch of repair orders, with the settings in effect."""
    known, in_force = container.environment(), settings_in_force()
    reviewer = PoolReviewer(
        # Its looks are dated when they are taken: they cannot use feedback of a minute ago.
        path_reader=path_reader(in_force, feedback_ttl=0),
        recorder=recorder(),
        rules=ALL,
        limits=in_force.limits(known.repair_mode),
        stop_switch=DynamoStopSwitch(table=ledger_table()),
        severities=in_force.severities,
    )
    guard = RepairGuard(
        findings=findings(),
        looks=DynamoLooks(table=ledger_table()),
        budgets=DynamoRepairBudgets(table=ledger_table()),
        fights=fights(),
        owners=SourceOwners(
            stacks=CloudFormationStacks(clients=container.clients()), deployment_roles=in_force.deployment_roles
        ),
        budget=Budget(per_account=known.repairs_per_hour, per_pool=known.repairs_per_pool_per_hour),
    )
    clock = container.UtcClock()
    joint = JointRepair(
        reviewer=reviewer,
        findings=findings(),
        open_fixes=DynamoOpenFixes(table=ledger_table()),
        guard=guard,
        clock=clock,
        settle=known.settle,
        pause=_pause,
    )
    return RepairBatch(
        runner=OrderRunner(
            repairer=Repairer(
                reviewer=reviewer,
                protocol=write_protocol(),
                joint=joint,
                look_again=LookAgain(reviewer=reviewer, fan_out=fan_out(), hints=hint_queue(), clock=clock),
                guard=guard,
                hints=hint_queue(),
                clock=clock,
                proof=RestoreProof(
                    past_calls=CloudTrailPastCalls(clients=container.clients(), sleep=time.sleep),
                    settle=known.settle,
                    wait=known.restore_after,
                ),
                undo_notes=undo_notes(),
            ),
            joint=joint,
            orders=repair_orders(),
            shares=DynamoRateShares(table=ledger_table()),
            pause=_pause,
            clock=clock,
        ),
        understand=order_from_body,
        counter=EmfMetrics(),
        backoff=Backoff(visibility=SqsMessageVisibility(client=container.sqs(), queue_url=known.repairs_queue_url)),
    )


def prepare() -> None:
    """Build what every order needs before the first one comes."""
    container.build_early(_pace_ses, connect_path_reader, recorder, fan_out, repair_orders, write_protocol)


def _pace_ses() -> None:
    pace = RequestPace(monotonic=time.monotonic, sleep=time.sleep)
    container.session().events.register("before-call.sesv2", pace.wait)
    container.session().events.register("response-received.sesv2", pace.note)
