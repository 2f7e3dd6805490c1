"""The readers of mail paths, and the recorder of looks at them."""

import time
from datetime import datetime
from functools import cache

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.custom_senders import AwsCustomSenders
from mailwarden.adapters.aws.iam.email_service_role import IamEmailServiceRole
from mailwarden.adapters.aws.ses.accounts import SesV2Accounts
from mailwarden.adapters.aws.ses.configuration_sets import SesConfigurationSets
from mailwarden.adapters.aws.ses.identities import SesIdentities
from mailwarden.adapters.aws.ttl_cache import LONGEST_FOR_READINGS
from mailwarden.adapters.ledger.inspection.email_records import DynamoEmailRecords
from mailwarden.adapters.ledger.known_pools import DynamoKnownPools
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.adapters.ledger.pool_records import DynamoPoolRecords
from mailwarden.adapters.ledger.repair.shadow_cases import DynamoShadowCases
from mailwarden.adapters.ledger.reputation.feedback import DynamoFeedback
from mailwarden.adapters.ledger.reputation.feedback_readings import CachedFeedback
from mailwarden.adapters.ledger.reputation.mail_counters import DynamoMailCounters
from mailwarden.adapters.ledger.write_histories import DynamoWriteHistories
from mailwarden.adapters.ledger.write_windows import DynamoWriteWindows
from mailwarden.bootstrap import container
from mailwarden.bootstrap.hints import pools
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.bootstrap.settings import connect_settings
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.service.findings.finding_recorder import FindingRecorder
from mailwarden.service.inspection.ledger_facts_reader import LedgerFactsReader
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.monitoring.pool_existence import PoolExistence
from mailwarden.service.repair.live_resources import LiveResources
from mailwarden.settings.operator_settings import OperatorSettings


@cache
def _identities() -> SesIdentities:
    return SesIdentities(clients=container.clients(), account=container.environment().account, monotonic=time.monotonic)


@cache
def _configuration_sets() -> SesConfigurationSets:
    return SesConfigurationSets(
        clients=container.clients(), account=container.environment().account, monotonic=time.monotonic
    )


@cache
def _accounts() -> SesV2Accounts:
    return SesV2Accounts(clients=container.clients(), account=container.environment().account, monotonic=time.monotonic)


@cache
def _role() -> IamEmailServiceRole:
    return IamEmailServiceRole(
        clients=container.clients(), region=container.environment().home_region, monotonic=time.monotonic
    )


@cache
def _ledger_facts(feedback_ttl: float) -> LedgerFactsReader:
    return LedgerFactsReader(
        pools=DynamoPoolRecords(table=ledger_table()),
        feedback=CachedFeedback(DynamoFeedback(table=ledger_table()), seconds=feedback_ttl, monotonic=time.monotonic),
        counters=DynamoMailCounters(table=ledger_table()),
        windows=DynamoWriteWindows(table=ledger_table()),
        written=DynamoWriteHistories(table=ledger_table()),
        email_records=_email_records(),
    )


@cache
def _email_records() -> DynamoEmailRecords:
    return DynamoEmailRecords(table=ledger_table())


@cache
def _recalled_pools() -> dict[PoolRef, datetime]:
    return {}


def path_reader(in_force: OperatorSettings, *, feedback_ttl: float = LONGEST_FOR_READINGS) -> MailPathReader:
    """The reader of mail paths, under the settings in effect; it caches feedback for *feedback_ttl* seconds."""
    return MailPathReader(
        pools=pools(),
        identities=_identities(),
        configuration_sets=_configuration_sets(),
        accounts=_accounts(),
        role=_role(),
        custom_senders=AwsCustomSenders(clients=container.clients(), account=container.environment().account),
        table=in_force.table,
        consents=in_force.consents,
        ledger=_ledger_facts(feedback_ttl),
        thresholds=in_force.thresholds,
        from_local_part=in_force.from_local_part,
        application_tags=in_force.application_tags,
        register=PoolExistence(
            known_pools=DynamoKnownPools(table=ledger_table()),
            watched_regions=frozenset(container.environment().watched_regions),
            recalled=_recalled_pools(),
        ),
    )


def live_resources() -> LiveResources:
    """The live state of the resource of a change."""
    return LiveResources(pools=pools(), identities=_identities(), role=_role())


def connect_path_reader() -> None:
    """Create what does not depend on the settings, and the clients with which every watched region is read."""
    connect_settings()
    path_reader(OperatorSettings())
    container.connect(Clients.cognito, Clients.sesv2)()
    container.clients().iam(container.environment().home_region)


@cache
def recorder() -> FindingRecorder:
    """The recorder of looks and their findings."""
    return FindingRecorder(
        findings=findings(),
        looks=DynamoLooks(table=ledger_table()),
        known_pools=DynamoKnownPools(table=ledger_table()),
        shadow_cases=DynamoShadowCases(table=ledger_table()),
        settle=container.environment().settle,
        email_records=_email_records(),
    )
