"""Wires ``functions/slack``: its queue, one secret, and the webhook or the Web API with the threads of incidents."""

import time
from functools import cache

from mailwarden.adapters.aws.clients import READING
from mailwarden.adapters.aws.sqs.message_visibility import SqsMessageVisibility
from mailwarden.adapters.slack.secret import SlackSecret
from mailwarden.adapters.slack.webhook import HttpWebhook
from mailwarden.bootstrap import container
from mailwarden.inbound.sqs.slack import SlackBatch
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import speak
from mailwarden.service.findings.slack_delivery import AlertPoster, SlackDelivery, WebhookPoster


@cache
def build_handler() -> SlackBatch:
    """The handler of a batch of the chat queue."""
    speak(catalogue_of(container.environment().alert_language))
    known = container.environment()
    arn = known.slack_token_secret_arn or known.slack_secret_arn
    secret = SlackSecret(
        client=container.session().client("secretsmanager", region_name=known.region_of(arn), config=READING),
        secret_arn=arn,
        member="token" if known.slack_token_secret_arn else "url",
        monotonic=time.monotonic,
    )
    return SlackBatch(
        delivery=SlackDelivery(poster=_threads(secret) if known.slack_token_secret_arn else _webhook(secret)),
        visibility=SqsMessageVisibility(client=container.sqs(), queue_url=known.chat_queue_url),
        sleep=time.sleep,
    )


def _webhook(address: SlackSecret) -> AlertPoster:
    return WebhookPoster(webhook=HttpWebhook(address, origins=container.environment().webhook_origins))


def _threads(token: SlackSecret) -> AlertPoster:
    # A webhook has no threads: it spares the client of DynamoDB.
    from mailwarden.adapters.ledger.incidents.chat_threads import DynamoChatThreads  # noqa: PLC0415
    from mailwarden.adapters.slack.web_api import API_ORIGIN, SlackWebApi  # noqa: PLC0415
    from mailwarden.bootstrap.ledger import ledger_table  # noqa: PLC0415
    from mailwarden.bootstrap.settings import connect_settings, settings_in_force  # noqa: PLC0415
    from mailwarden.domain.incidents.chat_route import channel_of  # noqa: PLC0415
    from mailwarden.service.incidents.threaded_chat import ThreadedChat  # noqa: PLC0415

    known = container.environment()
    connect_settings()
    return ThreadedChat(
        chat=SlackWebApi(token, origin=known.slack_api_origin or API_ORIGIN),
        threads=DynamoChatThreads(table=ledger_table()),
        channel_of=lambda alert: channel_of(alert.facts, settings_in_force().slack_routes, default=known.slack_channel),
        default_channel=known.slack_channel,
        clock=container.UtcClock(),
    )


def prepare() -> None:
    """Build what every alert needs before the first one comes."""
    container.build_early(build_handler)
