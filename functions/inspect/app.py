"""Hints arrive: look at the pools they are about, judge, record, order repairs. This function cannot write to AWS."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.bootstrap.inspect import build_handler
from mailwarden.inbound.sqs.batch import Failures

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, object], _: LambdaContext) -> Failures:
    """Handle one batch of the hints queue; what failed comes again and at last waits with the dead letters."""
    return build_handler().handle(event, log=logger)
