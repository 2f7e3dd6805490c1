"""What ``functions/tally`` is made of."""

import time
from functools import cache

from mailwarden.adapters.cognito_app_clients import CognitoAppClients
from mailwarden.bootstrap import home
from mailwarden.inbound.failures import FailedDelivery, failed_delivery
from mailwarden.inbound.messages import json_object
from mailwarden.inbound.tallies import TallyBatch
from mailwarden.service.tallying import Tally


@cache
def _app_clients() -> CognitoAppClients:
    return CognitoAppClients(clients=home.clients(), pools=home.pools(), sleep=time.sleep, monotonic=time.monotonic)


def tallying() -> TallyBatch:
    """The handler of a batch of failed deliveries, under the settings in force."""
    known, in_force = home.environment(), home.settings()
    return TallyBatch(
        tally=Tally(
            ledger=home.ledger(),
            hints=home.hint_queue(),
            clients=_app_clients(),
            clock=home.UtcClock(),
            quiet=in_force.thresholds.delivery_failures_quiet,
        ),
        understand=_understood,
        partition=known.partition,
        account=known.account,
        watched_regions=known.watched_regions,
    )


def _understood(body: str) -> FailedDelivery:
    return failed_delivery(json_object(body), account=home.environment().account)
