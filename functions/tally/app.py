"""Counts what the queues of signals hold: deliveries that Cognito reports as failed, and what SES tells of mails.

Anybody on the internet can cause them, so they come by themselves.
"""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.bootstrap.tally import build_handler
from mailwarden.inbound.sqs.batch import Failures

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, object], _: LambdaContext) -> Failures:
    """Handle one batch of either queue; what failed comes again and at last waits with the dead letters."""
    return build_handler().handle(event, log=logger)
