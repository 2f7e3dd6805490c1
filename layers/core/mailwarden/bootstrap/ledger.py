"""The ledger of a function."""

from functools import cache

from mailwarden.adapters.aws.clients import READING
from mailwarden.adapters.ledger.ledger import DynamoLedger
from mailwarden.bootstrap import container


@cache
def ledger() -> DynamoLedger:
    """The ledger; chat is a channel only where a webhook is configured, for otherwise it would wait for ever."""
    known = container.environment()
    channels = ("topic", "chat") if known.slack_secret_arn else ("topic",)
    return DynamoLedger(container.session().client("dynamodb", config=READING), known.ledger_table, channels=channels)
