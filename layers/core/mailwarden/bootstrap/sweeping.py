"""What ``functions/sweep`` is made of."""

from functools import cache

from mailwarden.adapters.cloudtrail_trails import CloudTrailTrails
from mailwarden.bootstrap import home
from mailwarden.domain.subjects import WatchRef
from mailwarden.inbound.schedules import ScheduledSweep, ScheduledWatch
from mailwarden.rules import SETTINGS_RULE, TRAIL_RULE
from mailwarden.service.watching import Watcher


@cache
def sweeping() -> ScheduledSweep:
    """The sweep of the watched regions."""
    return ScheduledSweep(sweeper=home.sweeper(), regions=home.environment().watched_regions, started=set())


def watching() -> ScheduledWatch:
    """The look at what the watch itself rests on, under the settings in force."""
    known, in_force = home.environment(), home.settings()
    return ScheduledWatch(
        watcher=Watcher(
            home=WatchRef(partition=known.partition, region=known.home_region, account=known.account),
            watched_regions=known.watched_regions,
            trails=CloudTrailTrails(clients=home.clients()),
            ledger=home.ledger(),
            trail_rule=TRAIL_RULE,
            settings_rule=SETTINGS_RULE,
            limits=in_force.limits(known.repair_mode),
            clock=home.UtcClock(),
            severities=in_force.severities,
        ),
        fault=in_force.fault,
    )
