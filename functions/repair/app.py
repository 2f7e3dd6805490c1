"""Handles repair orders: the only function that can write to Cognito, SES and IAM. It looks and judges again itself."""

from datetime import timedelta

from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.adapters.logs import function_logger
from mailwarden.bootstrap.repair import build_handler, prepare
from mailwarden.inbound.sqs.batch import Failures

logger = function_logger()
prepare()


@logger.inject_lambda_context(clear_state=True, log_event=False)
def handler(event: dict[str, object], context: LambdaContext) -> Failures:
    """Handle one batch of the repairs queue in order; after a failure SQS retries the rest of the group."""
    return build_handler().handle(
        event, log=logger, remaining=lambda: timedelta(milliseconds=context.get_remaining_time_in_millis())
    )
