"""Emits the metrics of ``repair`` once for each write, not with every invocation: a few a day at most."""

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from mailwarden.adapters.aws.write_window import WriteWindow
from mailwarden.adapters.metrics.own_metrics import OwnMetric
from mailwarden.domain.repair.journal import Written
from mailwarden.service.repair.repair import Repaired


def report_window(window: WriteWindow) -> None:
    """Emit the length of the window in which another write would have gone unnoticed."""
    with single_metric(name=OwnMetric.COMPARE_TO_WRITE, unit=MetricUnit.Milliseconds, value=window.milliseconds):
        pass


def report_repair(done: Repaired) -> None:
    """Emit a concluded write and, if an event reported the breakage, the time since that event."""
    if not isinstance(done.outcome, Written):
        return
    with single_metric(name=OwnMetric.REPAIRS, unit=MetricUnit.Count, value=1):
        pass
    if done.took is not None:
        # One line holds one metric: Powertools' SingleMetric drops every further one.
        took = done.took.total_seconds() * 1000
        with single_metric(name=OwnMetric.EVENT_TO_REPAIR, unit=MetricUnit.Milliseconds, value=took):
            pass
