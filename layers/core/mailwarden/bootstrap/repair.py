"""Wires ``functions/repair``."""

import time
from functools import cache

from mailwarden.adapters.aws.change_writer import AwsChangeWriter
from mailwarden.adapters.aws.clients import READING
from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.adapters.aws.cognito.writer.writer import CognitoWriter
from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.adapters.aws.iam.email_service_role import EmailServiceRoleWriter
from mailwarden.adapters.aws.ses.policy_writer import SesPolicyWriter
from mailwarden.adapters.metrics.repair_metrics import report_repair, report_window
from mailwarden.bootstrap import container
from mailwarden.bootstrap.entry_ids import new_entry_id
from mailwarden.inbound.sqs.repairs import RepairBatch
from mailwarden.queue_messages.codec import order_from_body
from mailwarden.rules import ALL
from mailwarden.service.repair.repair import Repairer
from mailwarden.service.repair.repair_guard import Budget, RepairGuard


@cache
def _writer() -> AwsChangeWriter:
    clients, account = container.clients(), container.environment().account
    return AwsChangeWriter(
        pools=CognitoWriter(
            clients=clients,
            account=account,
            clock=container.UtcClock(),
            monotonic=time.monotonic,
            sleep=time.sleep,
            report_window=report_window,
        ),
        policies=SesPolicyWriter(clients=clients, account=account, sleep=time.sleep),
        role=EmailServiceRoleWriter(
            clients=clients,
            region=container.environment().home_region,
            account=account,
            sleep=time.sleep,
        ),
    )


@cache
def _journal() -> DynamoJournal:
    return DynamoJournal(container.session().client("dynamodb", config=READING), container.environment().journal_table)


def build_handler() -> RepairBatch:
    """The handler of a batch of repair orders, with the settings in effect."""
    known, in_force = container.environment(), container.settings()
    return RepairBatch(
        repairer=Repairer(
            path_reader=container.path_reader(in_force),
            ledger=container.ledger(),
            journal=_journal(),
            writer=_writer(),
            guard=RepairGuard(
                ledger=container.ledger(),
                journal=_journal(),
                stacks=CloudFormationStacks(clients=container.clients()),
                deployment_roles=in_force.deployment_roles,
                budget=Budget(per_account=known.repairs_per_hour, per_pool=known.repairs_per_pool_per_hour),
            ),
            hints=container.hint_queue(),
            rules=ALL,
            limits=in_force.limits(known.repair_mode),
            new_entry_id=new_entry_id,
            clock=container.UtcClock(),
            severities=in_force.severities,
        ),
        understand=order_from_body,
        report=report_repair,
    )
