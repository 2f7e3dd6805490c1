"""Sweeps the watched regions on a schedule or on an operator's order: every pool becomes a hint."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.adapters.logs import function_logger
from mailwarden.bootstrap.sweep import build_sweep_handler, prepare

logger = function_logger()
prepare()


@logger.inject_lambda_context(clear_state=True, log_event=False)
def handler(event: dict[str, object], _: LambdaContext) -> None:
    """``{"sweep": "all"}`` sweeps every region, otherwise only regions never swept; both emit metrics."""
    build_sweep_handler().run(event, log=logger)
