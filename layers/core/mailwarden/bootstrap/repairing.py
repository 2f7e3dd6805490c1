"""What ``functions/repair`` is made of."""

import time
from functools import cache

from mailwarden.adapters.change_writer import AwsChangeWriter
from mailwarden.adapters.clients import READING
from mailwarden.adapters.cognito_writer import CognitoWriter
from mailwarden.adapters.email_service_role import EmailServiceRoleWriter
from mailwarden.adapters.journal import DynamoJournal
from mailwarden.adapters.repair_metrics import report_repair, report_window
from mailwarden.adapters.ses_policy_writer import SesPolicyWriter
from mailwarden.adapters.stacks import CloudFormationStacks
from mailwarden.bootstrap import home
from mailwarden.bootstrap.entry_ids import new_entry_id
from mailwarden.inbound.messages import order_from_body
from mailwarden.inbound.repair_batches import RepairBatch
from mailwarden.rules import ALL
from mailwarden.service.guarding import Budget, Guard
from mailwarden.service.repairing import Repairer


@cache
def _writer() -> AwsChangeWriter:
    clients, account = home.clients(), home.environment().account
    return AwsChangeWriter(
        pools=CognitoWriter(
            clients=clients,
            account=account,
            clock=home.UtcClock(),
            monotonic=time.monotonic,
            sleep=time.sleep,
            report_window=report_window,
        ),
        policies=SesPolicyWriter(clients=clients, account=account, sleep=time.sleep),
        role=EmailServiceRoleWriter(
            clients=clients,
            region=home.environment().home_region,
            account=account,
            sleep=time.sleep,
        ),
    )


@cache
def _journal() -> DynamoJournal:
    return DynamoJournal(home.session().client("dynamodb", config=READING), home.environment().journal_table)


def repairing() -> RepairBatch:
    """The handler of a batch of repair orders, under the settings in force."""
    known, in_force = home.environment(), home.settings()
    return RepairBatch(
        repairer=Repairer(
            looker=home.looker(in_force),
            ledger=home.ledger(),
            journal=_journal(),
            writer=_writer(),
            guard=Guard(
                ledger=home.ledger(),
                journal=_journal(),
                stacks=CloudFormationStacks(clients=home.clients()),
                deployment_roles=in_force.deployment_roles,
                budget=Budget(per_account=known.repairs_per_hour, per_pool=known.repairs_per_pool_per_hour),
            ),
            hints=home.hint_queue(),
            rules=ALL,
            limits=in_force.limits(known.repair_mode),
            new_entry_id=new_entry_id,
            clock=home.UtcClock(),
            severities=in_force.severities,
        ),
        understand=order_from_body,
        report=report_repair,
    )
