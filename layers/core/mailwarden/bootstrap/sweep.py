"""Wires ``functions/sweep``."""

from functools import cache

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cloudtrail.trails import CloudTrailTrails
from mailwarden.adapters.aws.cognito.pool_counts import CognitoPoolCounts
from mailwarden.adapters.ledger.repair_budgets import DynamoRepairBudgets
from mailwarden.adapters.metrics.own_metrics import EmfMetrics
from mailwarden.bootstrap import container
from mailwarden.bootstrap.hints import sweeper
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.bootstrap.settings import connect_settings, settings_in_force
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.inbound.schedule.sweep import ScheduledRun, ScheduledSelfCheck, ScheduledSweep
from mailwarden.rules import BUDGET_RULE, REGIONS_RULE, SDK_RULE, SETTINGS_RULE, TRAIL_RULE
from mailwarden.service.monitoring.self_check import SelfCheck


def build_sweep_handler() -> ScheduledRun:
    """The sweep, then the self check."""
    return ScheduledRun(parts=(build_sweep(), build_self_check()))


@cache
def build_sweep() -> ScheduledSweep:
    """The sweep of the watched regions."""
    return ScheduledSweep(
        sweeper=sweeper(),
        findings=findings(),
        regions=container.environment().watched_regions,
        started=set(),
        report_age=EmfMetrics().sweep_age,
        report_open=EmfMetrics().open_findings,
    )


def build_self_check() -> ScheduledSelfCheck:
    """The self check, with the settings in effect."""
    known, in_force = container.environment(), settings_in_force()
    return ScheduledSelfCheck(
        watcher=SelfCheck(
            home=MonitoringRef(partition=known.partition, region=known.home_region, account=known.account),
            watched_regions=known.watched_regions,
            trails=CloudTrailTrails(clients=container.clients()),
            findings=findings(),
            trail_rule=TRAIL_RULE,
            settings_rule=SETTINGS_RULE,
            budget_rule=BUDGET_RULE,
            sdk_rule=SDK_RULE,
            regions_rule=REGIONS_RULE,
            pool_counts=CognitoPoolCounts(clients=container.clients(), partition=known.partition),
            budgets=DynamoRepairBudgets(table=ledger_table()),
            limits=in_force.limits(known.repair_mode),
            clock=container.UtcClock(),
            severities=in_force.severities,
        ),
        fault=in_force.fault,
        report_outdated=EmfMetrics().outdated_sdk,
    )


def prepare() -> None:
    """Build what every sweep needs before the first one comes."""
    container.build_early(connect_settings, build_sweep, container.connect(Clients.cognito, Clients.cloudtrail))
