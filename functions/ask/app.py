"""A person asks why a pool's mail arrives or not: look, judge, explain. This function can write nothing at all."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.bootstrap.ask import build_handler

logger = Logger()


# The event may hold an address of a recipient: it is not logged, whatever the environment says.
@logger.inject_lambda_context(clear_state=True, log_event=False)
def handler(event: dict[str, object], _: LambdaContext) -> dict[str, object]:
    """Answer ``{"why": "<pool ARN or id>", "region": …, "address": …}``; the last two may be left out."""
    return build_handler().answer(event, log=logger)
