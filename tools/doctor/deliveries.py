"""Events that the rules of other regions could not forward: no queue keeps them, but EventBridge counts them."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from mailwarden.domain.readings import Unreadable
from tools.doctor.events import RuleReading
from tools.doctor.lines import Line, counted, sound, to_do, unknown
from tools.doctor.site import Site, looked

_ACTION = "cloudwatch:GetMetricData"
_AT_ONCE = 8
_PERIOD = 3600
LOOKED_BACK = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReading:
    """The rules of one region, by logical id, with the number of their events that were lost within a day."""

    region: str
    lost: tuple[tuple[str, int], ...] | Unreadable


def read_deliveries(site: Site, rules: Sequence[RuleReading]) -> tuple[DeliveryReading, ...]:
    """The lost events of each region but home, whose rules have a dead-letter queue: one call for each."""
    there = [rule for rule in rules if rule.region != site.home.region and isinstance(rule.state, str)]
    regions = sorted({rule.region for rule in there})
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as workers:
        return tuple(
            workers.map(lambda region: _read(site, region, [each for each in there if each.region == region]), regions)
        )


def _read(site: Site, region: str, rules: Sequence[RuleReading]) -> DeliveryReading:
    queries: list[dict[str, Any]] = [
        {
            "Id": f"rule{number}",
            "MetricStat": {
                # Permanent failures, without those that succeeded later; sent only if there are any
                # (EventBridge user guide, "Monitoring Amazon EventBridge").
                "Metric": {
                    "Namespace": "AWS/Events",
                    "MetricName": "FailedInvocations",
                    "Dimensions": [{"Name": "RuleName", "Value": rule.name}],
                },
                "Period": _PERIOD,
                "Stat": "Sum",
            },
        }
        for number, rule in enumerate(rules)
    ]
    found = looked(
        partial(
            site.client("cloudwatch", region).get_metric_data,
            MetricDataQueries=queries,
            StartTime=site.now - LOOKED_BACK,
            EndTime=site.now,
        ),
        action=_ACTION,
        region=region,
    )
    if found is None or isinstance(found, Unreadable):
        return DeliveryReading(region=region, lost=found or ())
    sums = {each["Id"]: int(sum(each["Values"])) for each in found["MetricDataResults"]}
    counts = tuple((rule.logical_id, sums.get(f"rule{number}", 0)) for number, rule in enumerate(rules))
    return DeliveryReading(region=region, lost=counts)


def judge_deliveries(regions: Sequence[DeliveryReading]) -> Iterator[Line]:
    """Every event of other regions reached home in the last day."""
    sound_ones = 0
    for reading in regions:
        if isinstance(reading.lost, Unreadable):
            yield unknown(f"whether events of {reading.region} were lost", reading.lost)
            continue
        lost = [(logical_id, number) for logical_id, number in reading.lost if number]
        for logical_id, number in lost:
            yield to_do(
                f"rule {logical_id} in {reading.region} lost {counted(number, 'event')} within a day",
                "mend what the other lines say of the rule, the bus and its role; the sweep has looked at the pools",
            )
        sound_ones += not lost
    if regions and sound_ones == len(regions):
        yield sound(f"no event was lost on its way from {counted(len(regions), 'other region')} within a day")
