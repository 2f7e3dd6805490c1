"""What ``functions/sweep`` is made of."""

from functools import cache

from mailwarden.bootstrap import home
from mailwarden.inbound.batches import ScheduledSweep


@cache
def sweeping() -> ScheduledSweep:
    """The sweep of the watched regions."""
    return ScheduledSweep(sweeper=home.sweeper(), regions=home.environment().watched_regions, started=set())
