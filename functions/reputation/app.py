"""Stores the reputation metrics of the SES accounts in use and counts their suppression lists, on a schedule."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.adapters.logs import function_logger
from mailwarden.bootstrap.reputation import build_handler, prepare

logger = function_logger()
prepare()


@logger.inject_lambda_context(clear_state=True, log_event=False)
def handler(event: dict[str, object], _: LambdaContext) -> None:
    """Handle ``{"reputation": "all"}``; failures are raised after every region was tried."""
    build_handler().run(event, log=logger)
