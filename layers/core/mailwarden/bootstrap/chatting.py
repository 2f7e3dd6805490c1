"""What ``functions/slack`` is made of: its queue, one secret, and the webhook behind it."""

import time
from functools import cache

from mailwarden.adapters.chat_delivery import ChatDelivery
from mailwarden.adapters.clients import READING
from mailwarden.adapters.webhook import Webhook
from mailwarden.adapters.webhook_address import WebhookAddress
from mailwarden.bootstrap import home


@cache
def chatting() -> ChatDelivery:
    """The handler of a batch of the chat queue."""
    known = home.environment()
    address = WebhookAddress(
        client=home.session().client("secretsmanager", config=READING),
        secret_arn=known.slack_secret_arn,
        monotonic=time.monotonic,
    )
    return ChatDelivery(Webhook(address, origins=known.webhook_origins), home.sqs(), known.chat_queue_url)
