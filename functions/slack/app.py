"""Posts alerts to Slack's webhook in order, within Slack's rate limit. This function can read one secret."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.adapters.logs import function_logger
from mailwarden.bootstrap.slack import build_handler, prepare
from mailwarden.inbound.sqs.batch import Failures

logger = function_logger()
prepare()


@logger.inject_lambda_context(clear_state=True, log_event=False)
def handler(event: dict[str, object], _: LambdaContext) -> Failures:
    """Handle one batch of the chat queue; later alerts wait behind an alert that failed."""
    return build_handler().handle(event, log=logger)
