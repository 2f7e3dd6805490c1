"""The write protocol, for the functions that write to Cognito, SES and IAM."""

from functools import cache

from mailwarden.adapters.aws.change_writer import AwsChangeWriter
from mailwarden.adapters.aws.cognito.writer.risk_writer import RiskWriter
from mailwarden.adapters.aws.cognito.writer.writer import CognitoWriter
from mailwarden.adapters.aws.dynamodb.entry_ids import new_entry_id
from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.adapters.aws.iam.email_service_role import EmailServiceRoleWriter
from mailwarden.adapters.aws.ses.policy_writer import SesPolicyWriter
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.adapters.ledger.repair.resource_leases import DynamoResourceLeases
from mailwarden.adapters.ledger.repair_budgets import DynamoRepairBudgets
from mailwarden.adapters.ledger.write_histories import DynamoWriteHistories
from mailwarden.adapters.ledger.write_windows import DynamoWriteWindows
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.bootstrap.mail_paths import live_resources
from mailwarden.service.repair.fights import Fights
from mailwarden.service.repair.undo_notes import UndoNotes
from mailwarden.service.repair.windowed_writer import WindowedWriter
from mailwarden.service.repair.write_protocol import WriteProtocol


@cache
def _writer() -> WindowedWriter:
    clients, account, write_time = container.clients(), container.environment().account, container.write_time()
    writer = AwsChangeWriter(
        pools=CognitoWriter(clients=clients, account=account, time=write_time),
        policies=SesPolicyWriter(clients=clients, account=account, time=write_time),
        role=EmailServiceRoleWriter(
            clients=clients,
            region=container.environment().home_region,
            account=account,
            time=write_time,
        ),
        risks=RiskWriter(clients=clients, account=account, time=write_time),
    )
    return WindowedWriter(writer=writer, windows=DynamoWriteWindows(table=ledger_table()), clock=container.UtcClock())


@cache
def journal() -> DynamoJournal:
    """The journal."""
    return DynamoJournal(ledger_table().client, container.environment().journal_table)


@cache
def fights() -> Fights:
    """Who works against us."""
    return Fights(histories=DynamoWriteHistories(table=ledger_table()))


@cache
def undo_notes() -> UndoNotes:
    """The notes of undos in the looks, with the journal."""
    return UndoNotes(looks=DynamoLooks(table=ledger_table()), journal=journal(), clock=container.UtcClock())


@cache
def write_protocol() -> WriteProtocol:
    """The only way to a write."""
    return WriteProtocol(
        leases=DynamoResourceLeases(table=ledger_table()),
        journal=journal(),
        live=live_resources(),
        writer=_writer(),
        budgets=DynamoRepairBudgets(table=ledger_table()),
        fights=fights(),
        findings=findings(),
        new_entry_id=new_entry_id,
        clock=container.UtcClock(),
    )
