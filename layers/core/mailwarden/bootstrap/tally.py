"""Wires ``functions/tally``."""

import time
from functools import cache

from mailwarden.adapters.aws.cognito.app_clients import CognitoAppClients
from mailwarden.bootstrap import container
from mailwarden.inbound.ses.signals import Signal, signal_from
from mailwarden.inbound.sqs.batch import Message
from mailwarden.inbound.sqs.tally import TallyBatch
from mailwarden.inbound.sqs.tally_delivery_failures import FailureTallies
from mailwarden.inbound.sqs.tally_mail_events import MailEventTallies
from mailwarden.inbound.sqs.tally_notices import NoticeTallies
from mailwarden.service.reputation.delivery_failure_tally import DeliveryFailureTally
from mailwarden.service.reputation.mail_event_tally import MailEventTally
from mailwarden.service.reputation.ses_notice_recorder import SesNoticeRecorder


@cache
def _app_clients() -> CognitoAppClients:
    return CognitoAppClients(
        clients=container.clients(), pools=container.pools(), sleep=time.sleep, monotonic=time.monotonic
    )


def build_handler() -> TallyBatch:
    """The handler of a batch of delivery failures, mail events and notices, with the settings in effect."""
    known, limits = container.environment(), container.settings().thresholds
    ledger, hints, clock = container.ledger(), container.hint_queue(), container.UtcClock()
    return TallyBatch(
        understand=_understood,
        failures=FailureTallies(
            tally=DeliveryFailureTally(
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
        mail=MailEventTallies(tally=MailEventTally(ledger=ledger, clock=clock)),
        notices=NoticeTallies(noticing=SesNoticeRecorder(ledger=ledger, hints=hints, clock=clock)),
    )


def _understood(message: Message) -> Signal:
    known = container.environment()
    return signal_from(message.body, queue=message.queue, account=known.account, partition=known.partition)
