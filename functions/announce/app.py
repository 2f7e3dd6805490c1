"""Sends alerts that are due, on ledger changes and every minute."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.adapters.logs import function_logger
from mailwarden.bootstrap.announce import build_handler, prepare
from mailwarden.documents.reader import JsonDocument
from mailwarden.inbound.sqs.batch import Failures

logger = function_logger()
prepare()


@logger.inject_lambda_context(clear_state=True, log_event=False)
def handler(event: dict[str, object], _: LambdaContext) -> Failures | JsonDocument:
    """Handle a batch of the ledger's stream, the schedule's ``{"announce": "waiting"}``, or an operator's order."""
    return build_handler().handle(event, log=logger)
