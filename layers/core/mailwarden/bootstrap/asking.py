"""What ``functions/ask`` is made of."""

import time
from functools import cache

from mailwarden.adapters.suppressed_addresses import SesSuppressedAddresses
from mailwarden.bootstrap import home
from mailwarden.inbound.questions import Questions
from mailwarden.rules import ALL
from mailwarden.service.asking import Asker


@cache
def _lists() -> SesSuppressedAddresses:
    return SesSuppressedAddresses(clients=home.clients(), account=home.environment().account, sleep=time.sleep)


def asking() -> Questions:
    """What answers questions, under the settings in force."""
    known, in_force = home.environment(), home.settings()
    return Questions(
        asker=Asker(
            looker=home.looker(in_force),
            memory=home.ledger(),
            lists=_lists(),
            rules=ALL,
            limits=in_force.limits(known.repair_mode),
            clock=home.UtcClock(),
            partition=known.partition,
            account=known.account,
            watched_regions=known.watched_regions,
            severities=in_force.severities,
        ),
    )
