"""CloudWatch in memory: data points by region, metric and configuration set."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .wire import Answer, Request

ACCOUNT_WIDE = ""


@dataclass(slots=True)
class CloudWatch:
    """``points`` by (region, metric, set), as (time, value); at most ``most`` of them a page, over all metrics.

    ``statuses`` replace Complete, by metric; ``asked`` stores every request.
    """

    points: dict[tuple[str, str, str], list[tuple[datetime, float]]] = field(default_factory=dict)
    most: int = 100_800
    statuses: dict[str, str] = field(default_factory=dict)
    messages: list[dict[str, object]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def put(
        self, metric: str, *points: tuple[datetime, float], of_set: str = ACCOUNT_WIDE, region: str = "us-east-1"
    ) -> None:
        self.points.setdefault((region, metric, of_set), []).extend(points)

    def answer(self, request: Request) -> Answer:
        asked = json.loads(request.body)
        self.asked.append(asked)
        assert len(asked["MetricDataQueries"]) <= 500
        found = [
            (query["Id"], metric, point)
            for query in asked["MetricDataQueries"]
            for metric, points in [self._points(query, request.region)]
            for point in sorted(points)
            if asked["StartTime"] <= point[0].timestamp() < asked["EndTime"]
        ]
        first = int(asked.get("NextToken", "0"))
        page = found[first : first + self.most]
        is_last = first + self.most >= len(found)
        results = [
            {
                "Id": query["Id"],
                "Label": "whatever",
                "Timestamps": [point[0].timestamp() for query_id, _, point in page if query_id == query["Id"]],
                "Values": [point[1] for query_id, _, point in page if query_id == query["Id"]],
                "StatusCode": self._status(query, is_last=is_last),
            }
            for query in asked["MetricDataQueries"]
        ]
        more = {} if is_last else {"NextToken": str(first + self.most)}
        return Answer(body={"MetricDataResults": results, "Messages": self.messages, **more})

    def _points(self, query: Mapping[str, Any], region: str) -> tuple[str, list[tuple[datetime, float]]]:
        metric = query["MetricStat"]["Metric"]
        of_set = "".join(each["Value"] for each in metric["Dimensions"] if each["Name"] == "ses:configuration-set")
        assert metric["Namespace"] == "AWS/SES"
        return metric["MetricName"], self.points.get((region, metric["MetricName"], of_set), [])

    def _status(self, query: Mapping[str, Any], *, is_last: bool) -> str:
        name = query["MetricStat"]["Metric"]["MetricName"]
        return self.statuses.get(name, "Complete" if is_last else "PartialData")
