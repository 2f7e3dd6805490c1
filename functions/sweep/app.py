"""A schedule or an operator says "sweep": every pool of the watched regions becomes a hint."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.bootstrap.sweeping import sweeping

logger = Logger()
metrics = Metrics()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, str], _: LambdaContext) -> None:
    """``{"sweep": "all"}`` sweeps every region, anything else only those that never were; both tell the age."""
    sweep = sweeping()
    for region, came_of_it in sweep.run(everything=event.get("sweep") == "all"):
        logger.info("swept", extra={"region": region, "pools": came_of_it})
    metrics.add_metric(name="SweepAge", unit=MetricUnit.Seconds, value=sweep.age_seconds())
