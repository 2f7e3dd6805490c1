"""Wires ``functions/repair``."""

from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.adapters.ledger.repair.open_fixes import DynamoOpenFixes
from mailwarden.adapters.ledger.repair_budgets import DynamoRepairBudgets
from mailwarden.adapters.ledger.stop_switch import DynamoStopSwitch
from mailwarden.adapters.metrics.own_metrics import EmfMetrics
from mailwarden.bootstrap import container
from mailwarden.bootstrap.hints import hint_queue
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.bootstrap.mail_paths import connect_path_reader, path_reader, recorder
from mailwarden.bootstrap.settings import settings_in_force
from mailwarden.bootstrap.writing import fights, write_protocol
from mailwarden.inbound.sqs.repairs import RepairBatch
from mailwarden.queue_messages.codec import order_from_body
from mailwarden.rules import ALL
from mailwarden.service.repair.joint_repair import JointRepair
from mailwarden.service.repair.look_again import LookAgain
from mailwarden.service.repair.pool_review import PoolReviewer
from mailwarden.service.repair.repair import Repairer
from mailwarden.service.repair.repair_guard import Budget, RepairGuard


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
        stacks=CloudFormationStacks(clients=container.clients()),
        deployment_roles=in_force.deployment_roles,
        budget=Budget(per_account=known.repairs_per_hour, per_pool=known.repairs_per_pool_per_hour),
    )
    return RepairBatch(
        repairer=Repairer(
            reviewer=reviewer,
            protocol=write_protocol(),
            joint=JointRepair(
                reviewer=reviewer,
                findings=findings(),
                open_fixes=DynamoOpenFixes(table=ledger_table()),
                guard=guard,
                settle=known.settle,
            ),
            look_again=LookAgain(reviewer=reviewer, hints=hint_queue(), clock=container.UtcClock()),
            guard=guard,
            hints=hint_queue(),
            clock=container.UtcClock(),
        ),
        understand=order_from_body,
        counter=EmfMetrics(),
    )


def prepare() -> None:
    """Build what every order needs before the first one comes."""
    container.build_early(connect_path_reader, recorder, hint_queue, write_protocol)
