"""Wires ``functions/repair``."""

from functools import cache

from mailwarden.adapters.aws.change_writer import AwsChangeWriter
from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.adapters.aws.cognito.writer.writer import CognitoWriter
from mailwarden.adapters.aws.dynamodb.entry_ids import new_entry_id
from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.adapters.aws.iam.email_service_role import EmailServiceRoleWriter
from mailwarden.adapters.aws.ses.policy_writer import SesPolicyWriter
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.adapters.ledger.repair_budgets import DynamoRepairBudgets
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse
from mailwarden.adapters.metrics.own_metrics import EmfMetrics
from mailwarden.bootstrap import container
from mailwarden.bootstrap.hints import hint_queue
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.bootstrap.mail_paths import connect_path_reader, path_reader
from mailwarden.bootstrap.recorder import recorder
from mailwarden.bootstrap.settings import settings_in_force
from mailwarden.inbound.sqs.repairs import RepairBatch
from mailwarden.queue_messages.codec import order_from_body
from mailwarden.rules import ALL
from mailwarden.service.repair.repair import Repairer
from mailwarden.service.repair.repair_guard import Budget, RepairGuard


@cache
def _writer() -> AwsChangeWriter:
    clients, account, write_time = container.clients(), container.environment().account, container.write_time()
    return AwsChangeWriter(
        pools=CognitoWriter(clients=clients, account=account, time=write_time),
        policies=SesPolicyWriter(clients=clients, account=account, time=write_time),
        role=EmailServiceRoleWriter(
            clients=clients,
            region=container.environment().home_region,
            account=account,
            time=write_time,
        ),
    )


@cache
def _journal() -> DynamoJournal:
    return DynamoJournal(ledger_table().client, container.environment().journal_table)


def build_handler() -> RepairBatch:
    """The handler of a batch of repair orders, with the settings in effect."""
    known, in_force = container.environment(), settings_in_force()
    return RepairBatch(
        repairer=Repairer(
            # Its looks are dated when they are taken: they cannot use feedback of a minute ago.
            path_reader=path_reader(in_force, feedback_ttl=0),
            recorder=recorder(),
            findings=findings(),
            resources_in_use=DynamoResourcesInUse(table=ledger_table()),
            journal=_journal(),
            writer=_writer(),
            guard=RepairGuard(
                findings=findings(),
                looks=DynamoLooks(table=ledger_table()),
                budgets=DynamoRepairBudgets(table=ledger_table()),
                journal=_journal(),
                stacks=CloudFormationStacks(clients=container.clients()),
                deployment_roles=in_force.deployment_roles,
                budget=Budget(per_account=known.repairs_per_hour, per_pool=known.repairs_per_pool_per_hour),
            ),
            hints=hint_queue(),
            rules=ALL,
            limits=in_force.limits(known.repair_mode),
            new_entry_id=new_entry_id,
            clock=container.UtcClock(),
            severities=in_force.severities,
        ),
        understand=order_from_body,
        counter=EmfMetrics(),
    )


def prepare() -> None:
    """Build what every order needs before the first one comes."""
    container.build_early(connect_path_reader, recorder, hint_queue, _journal, _writer)
