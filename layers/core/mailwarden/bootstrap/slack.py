"""Wires ``functions/slack``: its queue, one secret, and the webhook."""

import time
from functools import cache

from mailwarden.adapters.aws.clients import READING
from mailwarden.adapters.slack.delivery import SlackDelivery
from mailwarden.adapters.slack.webhook import Webhook
from mailwarden.adapters.slack.webhook_address import WebhookSecret
from mailwarden.bootstrap import container


@cache
def build_handler() -> SlackDelivery:
    """The handler of a batch of the chat queue."""
    known = container.environment()
    address = WebhookSecret(
        client=container.session().client("secretsmanager", config=READING),
        secret_arn=known.slack_secret_arn,
        monotonic=time.monotonic,
    )
    return SlackDelivery(Webhook(address, origins=known.webhook_origins), container.sqs(), known.chat_queue_url)
