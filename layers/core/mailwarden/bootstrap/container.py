"""Parts that several functions share: environment, clients of the home region, ledger, settings, path reader.

Created on first use and reused while the function is warm. Each invocation gets the operator's settings, which are at
most a minute old.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from boto3.session import Session

from mailwarden.adapters.aws.clients import READING, Clients
from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.adapters.aws.iam.email_service_role import IamEmailServiceRole
from mailwarden.adapters.aws.ses.accounts import SesV2Accounts
from mailwarden.adapters.aws.ses.configuration_sets import SesConfigurationSets
from mailwarden.adapters.aws.ses.identities import SesIdentities
from mailwarden.adapters.aws.sqs.hint_queue import SqsHintQueue
from mailwarden.adapters.ledger.ledger import DynamoLedger
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.monitoring.pool_existence import PoolExistence
from mailwarden.service.monitoring.sweep import Sweeper
from mailwarden.settings.deployment import Environment, OperatorSettings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from mailwarden.adapters.aws.ssm.settings_parameter import SettingsParameter


@dataclass(frozen=True, slots=True)
class UtcClock:
    """The system clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(tz=UTC)


@cache
def environment() -> Environment:
    """The function's environment, read once; raises MalformedSettings."""
    return Environment.from_variables(os.environ)


@cache
def session() -> Session:
    """The session of the home region."""
    return Session(region_name=environment().home_region)


@cache
def clients() -> Clients:
    """Clients of the watched regions."""
    return Clients(session())


@cache
def ledger() -> DynamoLedger:
    """The ledger; Slack is a channel only if a webhook is configured, otherwise its alerts would wait forever."""
    known = environment()
    channels = ("topic", "chat") if known.slack_secret_arn else ("topic",)
    return DynamoLedger(session().client("dynamodb", config=READING), known.ledger_table, channels=channels)


@cache
def _parameter() -> "SettingsParameter":
    # The validator is a tenth of a cold start: a stack without a settings document does not load it.
    from mailwarden.adapters.aws.ssm.settings_parameter import SettingsParameter  # noqa: PLC0415

    return SettingsParameter(
        ssm=session().client("ssm", config=READING),
        name=environment().settings_parameter,
        monotonic=time.monotonic,
    )


def settings() -> OperatorSettings:
    """The operator's settings in effect."""
    return _parameter().current() if environment().settings_parameter else OperatorSettings()


@cache
def pools() -> CognitoPools:
    """The user pools."""
    return CognitoPools(clients=clients(), partition=environment().partition, account=environment().account)


@cache
def _identities() -> SesIdentities:
    return SesIdentities(clients=clients(), account=environment().account, monotonic=time.monotonic)


@cache
def _configuration_sets() -> SesConfigurationSets:
    return SesConfigurationSets(clients=clients(), account=environment().account, monotonic=time.monotonic)


@cache
def accounts() -> SesV2Accounts:
    """The SES accounts."""
    return SesV2Accounts(clients=clients(), account=environment().account, monotonic=time.monotonic)


@cache
def _role() -> IamEmailServiceRole:
    return IamEmailServiceRole(clients=clients(), region=environment().home_region, monotonic=time.monotonic)


@cache
def sqs() -> "SQSClient":
    """The SQS client of the home region."""
    return session().client("sqs", config=READING)


@cache
def hint_queue() -> SqsHintQueue:
    """The hints queue."""
    return SqsHintQueue(sqs(), environment().hints_queue_url)


@cache
def sweeper() -> Sweeper:
    """Turns the pools of a region into hints."""
    return Sweeper(
        pools=pools(),
        hints=hint_queue(),
        ledger=ledger(),
        clock=UtcClock(),
        partition=environment().partition,
        account=environment().account,
    )


def path_reader(in_force: OperatorSettings) -> MailPathReader:
    """Reads mail paths, with the settings in effect."""
    return MailPathReader(
        pools=pools(),
        identities=_identities(),
        configuration_sets=_configuration_sets(),
        accounts=accounts(),
        role=_role(),
        table=in_force.table,
        consents=in_force.consents,
        memory=ledger(),
        thresholds=in_force.thresholds,
        register=PoolExistence(memory=ledger(), watched_regions=frozenset(environment().watched_regions)),
    )
