"""Wires ``functions/slack``: its queue, one secret, and the webhook."""

import time
from functools import cache

from mailwarden.adapters.aws.clients import READING
from mailwarden.adapters.aws.sqs.message_visibility import SqsMessageVisibility
from mailwarden.adapters.slack.webhook import HttpWebhook
from mailwarden.adapters.slack.webhook_secret import WebhookSecret
from mailwarden.bootstrap import container
from mailwarden.inbound.sqs.slack import SlackBatch
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import speak
from mailwarden.service.findings.slack_delivery import SlackDelivery


@cache
def build_handler() -> SlackBatch:
    """The handler of a batch of the chat queue."""
    speak(catalogue_of(container.environment().alert_language))
    known = container.environment()
    address = WebhookSecret(
        client=container.session().client("secretsmanager", region_name=known.slack_secret_region, config=READING),
        secret_arn=known.slack_secret_arn,
        monotonic=time.monotonic,
    )
    return SlackBatch(
        delivery=SlackDelivery(webhook=HttpWebhook(address, origins=known.webhook_origins)),
        visibility=SqsMessageVisibility(client=container.sqs(), queue_url=known.chat_queue_url),
        sleep=time.sleep,
    )


def prepare() -> None:
    """Build what every alert needs before the first one comes."""
    container.build_early(build_handler)
