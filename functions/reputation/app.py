"""Stores the reputation metrics of the SES accounts in use and counts their suppression lists, on a schedule."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.bootstrap.reputation import build_handler, prepare

logger = Logger()
metrics = Metrics()
prepare()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, object], _: LambdaContext) -> None:
    """Handle ``{"reputation": "all"}``; failures are raised after every region was tried."""
    scheduled = build_handler()
    scheduled.run(event, log=logger)
    metrics.add_metric(name="ReputationAge", unit=MetricUnit.Seconds, value=scheduled.age_seconds())
    scheduled.raise_failures()
