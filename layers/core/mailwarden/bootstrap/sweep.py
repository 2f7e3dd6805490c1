"""Wires ``functions/sweep``."""

from functools import cache

from mailwarden.adapters.aws.cloudtrail.trails import CloudTrailTrails
from mailwarden.bootstrap import container
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.inbound.schedule.sweep import ScheduledSelfCheck, ScheduledSweep
from mailwarden.rules import SETTINGS_RULE, TRAIL_RULE
from mailwarden.service.monitoring.self_check import SelfCheck


@cache
def build_sweep_handler() -> ScheduledSweep:
    """The sweep of the watched regions."""
    return ScheduledSweep(sweeper=container.sweeper(), regions=container.environment().watched_regions, started=set())


def build_self_check_handler() -> ScheduledSelfCheck:
    """The self check, with the settings in effect."""
    known, in_force = container.environment(), container.settings()
    return ScheduledSelfCheck(
        watcher=SelfCheck(
            home=MonitoringRef(partition=known.partition, region=known.home_region, account=known.account),
            watched_regions=known.watched_regions,
            trails=CloudTrailTrails(clients=container.clients()),
            ledger=container.ledger(),
            trail_rule=TRAIL_RULE,
            settings_rule=SETTINGS_RULE,
            limits=in_force.limits(known.repair_mode),
            clock=container.UtcClock(),
            severities=in_force.severities,
        ),
        fault=in_force.fault,
    )
