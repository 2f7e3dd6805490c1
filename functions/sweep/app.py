"""Sweeps the watched regions on a schedule or on an operator's order: every pool becomes a hint."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailwarden.adapters.metrics.own_metrics import FINDINGS, OwnMetric
from mailwarden.bootstrap.sweep import build_self_check_handler, build_sweep_handler, prepare

logger = Logger()
metrics = Metrics()
prepare()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, str], _: LambdaContext) -> None:
    """``{"sweep": "all"}`` sweeps every region, otherwise only regions never swept; both emit metrics."""
    sweep, everything = build_sweep_handler(), event.get("sweep") == "all"
    for region, came_of_it in sweep.run(everything=everything):
        logger.info("swept", extra={"region": region, "pools": came_of_it})
    metrics.add_metric(name=OwnMetric.SWEEP_AGE, unit=MetricUnit.Seconds, value=sweep.age_seconds())
    for severity, number in sweep.open_findings().items():
        metrics.add_metric(name=FINDINGS[severity], unit=MetricUnit.Count, value=number)
    for watched in build_self_check_handler().run(everything=everything):
        logger.info(
            "watched", extra={"region": watched.monitoring.region, "rule": watched.rule_id, "found": watched.found}
        )
