"""Wires what answers ``why`` in a deployment to an account without one: the same reader, rules and decisions."""

import time
from collections.abc import MutableMapping
from datetime import datetime

from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.adapters.aws.cognito.custom_senders import AwsCustomSenders
from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.adapters.aws.iam.email_service_role import IamEmailServiceRole
from mailwarden.adapters.aws.ses.accounts import SesV2Accounts
from mailwarden.adapters.aws.ses.configuration_sets import SesConfigurationSets
from mailwarden.adapters.aws.ses.identities import SesIdentities
from mailwarden.adapters.aws.ses.metrics import CloudWatchMetrics
from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef, SesAccountRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.rules import ALL
from mailwarden.service.inspection.batch_cache import for_one_batch
from mailwarden.service.inspection.ledger_facts_reader import LedgerFactsReader
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.operator.diagnose import Diagnosis
from mailwarden.service.repair.source_owners import SourceOwners
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command.audit.days import DayFigures
from mailwarden_command.reading.accounts import EnteredAccount
from mailwarden_command.reading.ledger import (
    ListedPools,
    NoCounts,
    NoFindings,
    NoHistories,
    NoLooks,
    NoRecords,
    NoStop,
    NoSuppressionLists,
    NoWindows,
)
from mailwarden_command.reading.live_feedback import LiveFeedback
from mailwarden_command.reading.pools import ListedRegion
from mailwarden_command.reading.shared import ExistenceForThreads, ReadingsOfRun


def diagnosis_of(
    account: EnteredAccount,
    listed: tuple[ListedRegion, ...],
    settings: OperatorSettings,
    *,
    mode: RepairMode,
    feedback: LiveFeedback,
) -> Diagnosis:
    """The diagnosis of an account whose pools are *listed*; several threads may ask it to look."""
    clock, clients, number = account.clock, account.clients, account.account
    started_at = clock.now()
    reader = MailPathReader(
        pools=CognitoPools(clients=clients, partition=account.partition, account=number, with_settings=False),
        identities=SesIdentities(clients=clients, account=number, monotonic=time.monotonic),
        configuration_sets=SesConfigurationSets(clients=clients, account=number, monotonic=time.monotonic),
        accounts=SesV2Accounts(clients=clients, account=number, monotonic=time.monotonic),
        role=IamEmailServiceRole(clients=clients, region=account.region, monotonic=time.monotonic),
        custom_senders=AwsCustomSenders(clients=clients, account=number),
        table=settings.table,
        consents=settings.consents,
        ledger=LedgerFactsReader(
            pools=NoRecords(),
            feedback=feedback,
            counters=NoCounts(),
            windows=NoWindows(),
            written=NoHistories(),
        ),
        thresholds=settings.thresholds,
        register=ExistenceForThreads(
            known_pools=_known(listed, at=started_at),
            watched_regions=frozenset(region.region for region in listed if region.refusal is None),
        ),
    )
    batch = for_one_batch(reader, clock=clock, started_at=started_at, recent=ReadingsOfRun())
    return Diagnosis(
        path_reader=batch.since(started_at),
        looks=NoLooks(),
        findings=NoFindings(),
        owners=SourceOwners(stacks=CloudFormationStacks(clients=clients), deployment_roles=settings.deployment_roles),
        lists=NoSuppressionLists(),
        rules=ALL,
        limits=settings.limits(mode),
        stop_switch=NoStop(),
        clock=clock,
        partition=account.partition,
        account=number,
        watched_regions=tuple(region.region for region in listed),
        severities=settings.severities,
    )


def feedback_of(
    account: EnteredAccount,
    settings: OperatorSettings,
    *,
    days: MutableMapping[SesAccountRef | ConfigurationSetRef, tuple[DayFigures, ...]],
) -> LiveFeedback:
    """The rates of an account; *days* receives the figures by day of each SES account and configuration set."""
    return LiveFeedback(
        metrics=CloudWatchMetrics(clients=account.clients),
        thresholds=settings.thresholds,
        now=account.clock.now,
        days=days,
    )


def _known(listed: tuple[ListedRegion, ...], *, at: datetime) -> ListedPools:
    pools: frozenset[PoolRef] = frozenset(ref for region in listed for ref, _ in region.pools)
    return ListedPools(pools=pools, listed_at={region.region: at for region in listed if region.refusal is None})
