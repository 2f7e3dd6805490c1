"""A schedule says "reputation": keep the figures of the SES accounts in use, and count their suppression lists."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.bootstrap.reputation import build_handler

logger = Logger()
metrics = Metrics()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, object], _: LambdaContext) -> None:
    """Handle ``{"reputation": "all"}``; what failed is raised once every region had its turn."""
    scheduled = build_handler()
    scheduled.run(event, log=logger)
    metrics.add_metric(name="ReputationAge", unit=MetricUnit.Seconds, value=scheduled.age_seconds())
    scheduled.raise_failures()
