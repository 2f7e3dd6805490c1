"""Wires ``functions/tally``."""

import time
from functools import cache

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.app_clients import CognitoAppClients
from mailwarden.adapters.aws.sqs.message_visibility import SqsMessageVisibility
from mailwarden.adapters.ledger.inspection.turns import DynamoTurns
from mailwarden.adapters.ledger.reputation.app_client_pools import DynamoAppClientPools
from mailwarden.adapters.ledger.reputation.delivery_failures import DynamoDeliveryFailures
from mailwarden.adapters.ledger.reputation.mail_counters import DynamoMailCounters
from mailwarden.adapters.ledger.reputation.ses_notices import DynamoSesNotices
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse
from mailwarden.bootstrap import container
from mailwarden.bootstrap.hints import hint_queue, pools
from mailwarden.bootstrap.ledger import ledger_table
from mailwarden.bootstrap.settings import connect_settings, settings_in_force
from mailwarden.documents.faults import shown
from mailwarden.inbound.ses.signals import Signal, signal_from
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.batch import SqsRecord
from mailwarden.inbound.sqs.tally import TallyBatch
from mailwarden.inbound.sqs.tally_delivery_failures import FailureTallies
from mailwarden.inbound.sqs.tally_mail_events import MailEventTallies
from mailwarden.inbound.sqs.tally_notices import NoticeTallies
from mailwarden.message import message
from mailwarden.service.reputation.delivery_failure_tally import DeliveryFailureTally
from mailwarden.service.reputation.mail_event_tally import MailEventTally
from mailwarden.service.reputation.ses_notice_recorder import SesNoticeRecorder
from mailwarden.settings.environment import MalformedSettings


@cache
def _app_clients() -> CognitoAppClients:
    return CognitoAppClients(clients=container.clients(), pools=pools(), sleep=time.sleep, monotonic=time.monotonic)


def build_handler() -> TallyBatch:
    """The handler of a batch of delivery failures, mail events and notices, with the settings in effect."""
    known, limits = container.environment(), settings_in_force().thresholds
    table, hints, clock = ledger_table(), hint_queue(), container.UtcClock()
    counters, in_use = DynamoMailCounters(table=table), DynamoResourcesInUse(table=table)
    return TallyBatch(
        understand=_understood,
        failures=FailureTallies(
            tally=DeliveryFailureTally(
                failures=DynamoDeliveryFailures(table=table),
                client_pools=DynamoAppClientPools(table=table),
                turns=DynamoTurns(table=table),
                hints=hints,
                clients=_app_clients(),
                clock=clock,
                quiet=limits.delivery_failures_quiet,
            ),
            partition=known.partition,
            account=known.account,
            watched_regions=known.watched_regions,
        ),
        mail=MailEventTallies(tally=MailEventTally(counters=counters, resources_in_use=in_use, clock=clock)),
        notices=NoticeTallies(
            noticing=SesNoticeRecorder(notices=DynamoSesNotices(table=table), hints=hints, clock=clock)
        ),
        backoff=_backoff,
    )


def _backoff(queue_arn: str) -> Backoff:
    """The backoff of one of the two queues, by its ARN; raises MalformedSettings for another queue."""
    known, name = container.environment(), queue_arn.rpartition(":")[2]
    urls = (known.delivery_failures_queue_url, known.feedback_queue_url)
    url = next((each for each in urls if each.rpartition("/")[2] == name), None)
    if url is None:
        raise MalformedSettings(message("environment.no-queue", queue=shown(name)))
    return Backoff(visibility=SqsMessageVisibility(client=container.sqs(), queue_url=url))


def _understood(message: SqsRecord) -> Signal:
    known = container.environment()
    return signal_from(message.body, queue=message.queue, account=known.account, partition=known.partition)


def prepare() -> None:
    """Build what every signal needs before the first one comes."""
    container.build_early(connect_settings, hint_queue, ledger_table, _app_clients, container.connect(Clients.cognito))
