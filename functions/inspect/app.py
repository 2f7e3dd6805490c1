"""Handles hints: look at their pools, judge, record, order repairs. This function cannot write to Cognito or SES."""

from datetime import timedelta

from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.adapters.logs import function_logger
from mailwarden.bootstrap.inspect import build_handler, prepare
from mailwarden.inbound.sqs.batch import Failures

logger = function_logger()
prepare()


@logger.inject_lambda_context(clear_state=True, log_event=False)
def handler(event: dict[str, object], context: LambdaContext) -> Failures:
    """Handle one batch of the hints queue; SQS retries failed messages, then moves them to the dead-letter queue."""
    return build_handler().handle(
        event, log=logger, remaining=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis())
    )
