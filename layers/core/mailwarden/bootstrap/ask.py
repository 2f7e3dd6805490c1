"""Wires ``functions/ask``."""

from functools import cache

import botocore

from mailwarden.adapters.aws.cloudformation.stacks import CloudFormationStacks
from mailwarden.adapters.aws.dynamodb.journal_entries import DynamoJournalEntries
from mailwarden.adapters.aws.ses.suppressed_address import SesSuppressedAddresses
from mailwarden.adapters.ledger.findings import DynamoFindings
from mailwarden.adapters.ledger.incidents.incident_list import DynamoIncidentList
from mailwarden.adapters.ledger.incidents.incidents import DynamoIncidents
from mailwarden.adapters.ledger.known_pools import DynamoKnownPools
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.adapters.ledger.repair.shadow_cases import DynamoShadowCases
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse
from mailwarden.adapters.ledger.stop_switch import DynamoStopSwitch
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import ledger_table
from mailwarden.bootstrap.mail_paths import connect_path_reader, path_reader
from mailwarden.bootstrap.settings import settings_in_force
from mailwarden.domain.operator.deployment import SettingsInEffect
from mailwarden.inbound.invoke.chosen import AnyQuestion
from mailwarden.inbound.invoke.deployment_question import DeploymentQuestions
from mailwarden.inbound.invoke.history_question import HistoryQuestions
from mailwarden.inbound.invoke.journal_question import JournalQuestions
from mailwarden.inbound.invoke.lists.exemption_question import ExemptionQuestions
from mailwarden.inbound.invoke.lists.incident_question import IncidentQuestions
from mailwarden.inbound.invoke.lists.pool_question import PoolQuestions
from mailwarden.inbound.invoke.lists.shadow_question import ShadowQuestions
from mailwarden.inbound.invoke.question import Questions
from mailwarden.inbound.invoke.stop_question import StopQuestions
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import speak
from mailwarden.rules import ALL
from mailwarden.service.incidents.extent import ExtentReader
from mailwarden.service.incidents.read_incidents import IncidentReader
from mailwarden.service.operator.deployment_state import DeploymentStates
from mailwarden.service.operator.diagnose import Diagnosis
from mailwarden.service.operator.read_exemptions import ExemptionReader
from mailwarden.service.operator.read_history import HistoryReader
from mailwarden.service.operator.read_journal import JournalReader
from mailwarden.service.operator.read_pools import PoolReader
from mailwarden.service.operator.shadow_report import ShadowReporter
from mailwarden.service.repair.source_owners import SourceOwners


@cache
def _lists() -> SesSuppressedAddresses:
    return SesSuppressedAddresses(
        clients=container.clients(), account=container.environment().account, time=container.write_time()
    )


@cache
def build_handler() -> AnyQuestion:
    """The handler of questions."""
    speak(catalogue_of(container.environment().alert_language))
    known = container.environment()
    pools = PoolReader(
        resources=DynamoResourcesInUse(table=ledger_table()),
        looks=DynamoLooks(table=ledger_table()),
        clock=container.UtcClock(),
        partition=known.partition,
        account=known.account,
        watched_regions=known.watched_regions,
    )
    return AnyQuestion(
        diagnosis=_diagnosis,
        deployment=_deployment,
        journal=JournalQuestions(
            reader=JournalReader(
                journal=DynamoJournalEntries(ledger_table().client, known.journal_table),
                clock=container.UtcClock(),
                account=known.account,
            )
        ),
        stop=StopQuestions(switch=DynamoStopSwitch(table=ledger_table())),
        exemptions=ExemptionQuestions(reader=ExemptionReader(pools=pools)),
        pools=PoolQuestions(reader=pools),
        shadow=ShadowQuestions(reporter=lambda: _shadow_reporter(pools)),
        incidents=IncidentQuestions(reader=_incident_reader),
        history=HistoryQuestions(reader=_history_reader),
    )


def _diagnosis() -> Questions:
    """With the settings in effect."""
    known, in_force = container.environment(), settings_in_force()
    return Questions(
        asker=Diagnosis(
            path_reader=path_reader(in_force),
            looks=DynamoLooks(table=ledger_table()),
            findings=DynamoFindings(table=ledger_table(), channels=()),
            owners=SourceOwners(
                stacks=CloudFormationStacks(clients=container.clients()), deployment_roles=in_force.deployment_roles
            ),
            lists=_lists(),
            rules=ALL,
            limits=in_force.limits(known.repair_mode),
            stop_switch=DynamoStopSwitch(table=ledger_table()),
            clock=container.UtcClock(),
            partition=known.partition,
            account=known.account,
            watched_regions=known.watched_regions,
            severities=in_force.severities,
        ),
    )


def _shadow_reporter(pools: PoolReader) -> ShadowReporter:
    known, in_force = container.environment(), settings_in_force()
    return ShadowReporter(
        pools=pools,
        shadow_cases=DynamoShadowCases(table=ledger_table()),
        owners=SourceOwners(
            stacks=CloudFormationStacks(clients=container.clients()), deployment_roles=in_force.deployment_roles
        ),
        repair_mode=in_force.limits(known.repair_mode).repair_mode,
    )


def _incident_reader() -> IncidentReader:
    table = ledger_table()
    return IncidentReader(
        incidents=DynamoIncidentList(table=table),
        extents=ExtentReader(
            findings=DynamoFindings(table=table, channels=()),
            incidents=DynamoIncidents(table=table, channels=()),
            looks=DynamoLooks(table=table),
            resources_in_use=DynamoResourcesInUse(table=table),
        ),
        clock=container.UtcClock(),
    )


def _history_reader() -> HistoryReader:
    known, in_force = container.environment(), settings_in_force()
    return HistoryReader(
        looks=DynamoLooks(table=ledger_table()),
        findings=DynamoFindings(table=ledger_table(), channels=()),
        journal=DynamoJournalEntries(ledger_table().client, known.journal_table),
        consents=in_force.consents.identities,
        clock=container.UtcClock(),
        partition=known.partition,
        account=known.account,
        watched_regions=known.watched_regions,
    )


def _deployment() -> DeploymentQuestions:
    known = container.environment()
    return DeploymentQuestions(
        states=DeploymentStates(
            known_pools=DynamoKnownPools(table=ledger_table()),
            stop_switch=DynamoStopSwitch(table=ledger_table()),
            settings=_settings,
            watched_regions=known.watched_regions,
            sdk=botocore.__version__,
            clock=container.UtcClock(),
        )
    )


def _settings() -> SettingsInEffect:
    known, in_force = container.environment(), settings_in_force()
    return SettingsInEffect(
        parameter=known.settings_parameter,
        version=in_force.version,
        problem=None if in_force.fault is None else in_force.fault.problem,
        repair_mode=in_force.limits(known.repair_mode).repair_mode,
        consents=in_force.consents.identities,
        slack_channels=tuple(dict.fromkeys(route.channel for route in in_force.slack_routes)),
    )


def prepare() -> None:
    """Build what every question needs before the first one comes."""
    container.build_early(connect_path_reader, _lists, build_handler)
