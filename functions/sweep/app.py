"""A schedule or an operator says "sweep": every pool of the watched regions becomes a hint."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.adapters.own_metrics import FINDINGS, OwnMetric
from mailwarden.bootstrap.sweeping import sweeping, watching

logger = Logger()
metrics = Metrics()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, str], _: LambdaContext) -> None:
    """``{"sweep": "all"}`` sweeps every region, else only those that never were; both tell age and findings."""
    sweep, everything = sweeping(), event.get("sweep") == "all"
    for region, came_of_it in sweep.run(everything=everything):
        logger.info("swept", extra={"region": region, "pools": came_of_it})
    metrics.add_metric(name=OwnMetric.SWEEP_AGE, unit=MetricUnit.Seconds, value=sweep.age_seconds())
    for severity, number in sweep.open_findings().items():
        metrics.add_metric(name=FINDINGS[severity], unit=MetricUnit.Count, value=number)
    for watched in watching().run(everything=everything):
        logger.info("watched", extra={"region": watched.watch.region, "rule": watched.rule_id, "found": watched.found})
