"""Alarms from the first minute of a deployment: quiet if nothing is wrong, loud if it stops, and over if it is over."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.infrastructure.alarm_states import ALARM, INSUFFICIENT, OK, reports
from tests.infrastructure.templates import ALARM as ALARM_TYPE
from tests.infrastructure.templates import HOME, template

NEVER = 86_400.0
DAY = 24 * 3600
PERIOD_OF_FIRST_FIGURE = {"SweepAge": 60, "ReputationAge": 15 * 60}
"""The seconds after which the function has run for the first time: the rate of its schedule."""


def alarm(metric: str) -> Mapping[str, Any]:
    (found,) = [each for each in template(HOME).of_type(ALARM_TYPE).values() if each["MetricName"] == metric]
    return {**found, "Threshold": 10_800 if metric == "SweepAge" else found["Threshold"]}


def figures(metric: str, *, swept_after: int, until: int, from_start: int = 0) -> list[float | None]:
    """The metric's maximum by period: none before the first run, a day until everything was read once, then its age."""
    period, first = alarm(metric)["Period"], PERIOD_OF_FIRST_FIGURE[metric]
    found: list[float | None] = []
    for start in range(from_start, until, period):
        runs = [second for second in range(start, start + period, first) if second >= first]
        values = [NEVER if second < swept_after else 3_600.0 for second in runs]
        found.append(max(values) if values else None)
    return found


@pytest.mark.parametrize("metric", PERIOD_OF_FIRST_FIGURE)
@pytest.mark.parametrize("swept_after", [120, 20 * 60, 50 * 60], ids=["at once", "in 20 minutes", "in 50 minutes"])
def test_the_first_deployment_wakes_nobody(metric: str, swept_after: int) -> None:
    # ``reputation`` reads all regions in its first run.
    after = swept_after if metric == "SweepAge" else 15 * 60
    points = figures(metric, swept_after=after, until=DAY)

    assert [state for _, state in reports(alarm(metric), points)] == [OK]


@pytest.mark.parametrize("metric", PERIOD_OF_FIRST_FIGURE)
def test_a_region_that_is_never_read_is_an_alarm_within_hours(metric: str) -> None:
    (at, state), *_ = reports(alarm(metric), figures(metric, swept_after=DAY * 2, until=DAY))

    assert state == ALARM
    assert at <= 2 * 3600


@pytest.mark.parametrize("metric", PERIOD_OF_FIRST_FIGURE)
def test_a_function_that_stops_is_reported_within_two_hours_and_so_is_its_return(metric: str) -> None:
    period = alarm(metric)["Period"]
    healthy = figures(metric, swept_after=120 if metric == "SweepAge" else 15 * 60, until=6 * 3600)
    silent = [None] * (6 * 3600 // period)
    back = [3_600.0] * 4

    told = list(reports(alarm(metric), [*healthy, *silent, *back]))

    assert [state for _, state in told] == [OK, INSUFFICIENT, OK]
    assert told[1][0] - 6 * 3600 <= 2 * 3600
    assert told[2][0] - 12 * 3600 <= period


@pytest.mark.parametrize("name", template(HOME).of_type(ALARM_TYPE))
def test_every_alarm_tells_when_it_is_over_and_none_is_loud_at_the_start(name: str) -> None:
    each = {**template(HOME).properties(name), "Threshold": 0}

    assert each["OKActions"] == each["AlarmActions"] == ["${OperationsTopic}"]
    assert ALARM not in {state for _, state in reports(each, [None] * 100)}
