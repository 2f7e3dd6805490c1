"""Alerts arrive in the order they were told: post them to the webhook, at Slack's pace. It knows one secret."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.bootstrap.slack import build_handler
from mailwarden.inbound.sqs.batch import Failures

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, object], _: LambdaContext) -> Failures:
    """Handle one batch of the chat queue; an alert that could not be told keeps the later ones behind it."""
    return build_handler().handle(event, log=logger)
