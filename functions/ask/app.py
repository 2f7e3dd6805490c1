"""Answers whether a pool can send mail, and why: look, judge, explain. This function writes nothing."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.adapters.logs import function_logger
from mailwarden.bootstrap.ask import build_handler, prepare

logger = function_logger()
prepare()


# The event may contain a recipient's address: it is never logged, regardless of the environment.
@logger.inject_lambda_context(clear_state=True, log_event=False)
def handler(event: dict[str, object], _: LambdaContext) -> dict[str, object]:
    """Answer ``{"why": "<pool>", …}``, or ``{"journal": {…}}``, ``pools``, ``incidents``, ``history`` …."""
    return build_handler().answer(event, log=logger)
