"""Carries out operators' orders that no rule may give: an undo, a pool's sender, an address taken from a list."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.adapters.logs import function_logger
from mailwarden.bootstrap.operate import build_handler, prepare

logger = function_logger()
prepare()


# The event contains a recipient's address: it is never logged, regardless of the environment.
@logger.inject_lambda_context(clear_state=True, log_event=False)
def handler(event: dict[str, object], context: LambdaContext) -> dict[str, object]:
    """Carry out an order, such as ``{"undo": {"entry": …}}``, ``{"set_sender": {…}}`` or ``{"unsuppress": {…}}``."""
    return build_handler().carry_out(event, request_id=context.aws_request_id, log=logger)
