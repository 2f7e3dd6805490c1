"""Wires ``functions/ask``."""

import time
from functools import cache

from mailwarden.adapters.aws.ses.suppressed_address import SesSuppressedAddresses
from mailwarden.bootstrap import container
from mailwarden.inbound.invoke.question import Questions
from mailwarden.rules import ALL
from mailwarden.service.operator.diagnose import Diagnosis


@cache
def _lists() -> SesSuppressedAddresses:
    return SesSuppressedAddresses(
        clients=container.clients(), account=container.environment().account, sleep=time.sleep
    )


def build_handler() -> Questions:
    """The handler of questions, with the settings in effect."""
    known, in_force = container.environment(), container.settings()
    return Questions(
        asker=Diagnosis(
            path_reader=container.path_reader(in_force),
            memory=container.ledger(),
            lists=_lists(),
            rules=ALL,
            limits=in_force.limits(known.repair_mode),
            clock=container.UtcClock(),
            partition=known.partition,
            account=known.account,
            watched_regions=known.watched_regions,
            severities=in_force.severities,
        ),
    )
