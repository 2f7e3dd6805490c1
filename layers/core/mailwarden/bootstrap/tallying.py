"""What ``functions/tally`` is made of."""

import time
from functools import cache

from mailwarden.adapters.cognito_app_clients import CognitoAppClients
from mailwarden.bootstrap import home
from mailwarden.inbound.failure_tallies import FailureTallies
from mailwarden.inbound.mail_tallies import MailTallies
from mailwarden.inbound.notice_tallies import NoticeTallies
from mailwarden.inbound.signals import Signal, signal_from
from mailwarden.inbound.tallies import TallyBatch
from mailwarden.service.mail_tallying import MailTally
from mailwarden.service.noticing import Noticing
from mailwarden.service.tallying import Tally


@cache
def _app_clients() -> CognitoAppClients:
    return CognitoAppClients(clients=home.clients(), pools=home.pools(), sleep=time.sleep, monotonic=time.monotonic)


def tallying() -> TallyBatch:
    """The handler of a batch of failed deliveries, events of mails and notices, under the settings in force."""
    known, limits = home.environment(), home.settings().thresholds
    ledger, hints, clock = home.ledger(), home.hint_queue(), home.UtcClock()
    return TallyBatch(
        understand=_understood,
        failures=FailureTallies(
            tally=Tally(
                ledger=ledger,
                hints=hints,
                clients=_app_clients(),
                clock=clock,
                quiet=limits.delivery_failures_quiet,
            ),
            partition=known.partition,
            account=known.account,
            watched_regions=known.watched_regions,
        ),
        mail=MailTallies(tally=MailTally(ledger=ledger, clock=clock)),
        notices=NoticeTallies(noticing=Noticing(ledger=ledger, hints=hints, clock=clock)),
    )


def _understood(body: str) -> Signal:
    known = home.environment()
    return signal_from(body, account=known.account, partition=known.partition)
