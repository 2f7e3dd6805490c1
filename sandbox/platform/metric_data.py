"""Answers GetMetricData as CloudWatch does: exact series, periods from the start time, the newest first, by pages.

The emulator reads a query without dimensions as one about all series of that name, lists the oldest first, aligns
periods by the epoch for any start time, knows neither MaxDatapoints nor NextToken, and forgets after two weeks.
Sources: CloudWatch API Reference, "GetMetricData" and "MetricDataResult"; CloudWatch User Guide, "Metrics retention".
"""

import base64
import binascii
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from sandbox.platform.calls.call_list import HttpAnswer
from sandbox.platform.calls.wire import from_query, service_model

_DAY = 86_400.0
_KEPT_SECONDS = 455 * _DAY
_RETENTION = ((15 * _DAY, 60), (63 * _DAY, 300), (_KEPT_SECONDS, 3600))
"""The resolution of stored points by their age."""

_MOST_QUERIES = 500
_MOST_DATAPOINTS = 100_800
_SHORT_PERIODS = frozenset({1, 5, 10, 20, 30})
_ID = re.compile(r"[a-z][A-Za-z0-9_]{0,254}")


class _Refused(Exception):
    """The request is wrong; carries the error code of the API."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """The result of one query, in the requested order."""

    id: str
    label: str
    points: Sequence[tuple[float, float]]
    problem: str | None = None


def install() -> None:
    """Replace `cloudwatch._get_metric_data`, and let `cloudwatch` keep points as long as AWS does."""
    from ministack.services import cloudwatch

    cloudwatch.TWO_WEEKS_SECONDS = _KEPT_SECONDS
    cloudwatch._get_metric_data = _answer


def _answer(
    parameters: Mapping[str, Any],
    members: Mapping[str, Any],
    is_cbor: bool,  # noqa: FBT001 - the signature that is replaced
    is_json: bool = False,  # noqa: FBT001, FBT002 - the signature that is replaced
) -> HttpAnswer:
    from ministack.services import cloudwatch

    try:
        shown = _page(members if is_cbor or is_json else _members(parameters))
    except _Refused as refused:
        error: HttpAnswer = cloudwatch._error(refused.code, str(refused), 400, use_json=is_json, use_cbor=is_cbor)
        return error
    answer: HttpAnswer
    if is_cbor:
        results = [cloudwatch._cbor_metric_data_result(result) for result in shown["MetricDataResults"]]
        answer = cloudwatch._cbor_ok({**shown, "MetricDataResults": results})
    elif is_json:
        answer = cloudwatch._json_ok(shown)
    else:
        answer = cloudwatch._xml(
            200, "GetMetricDataResponse", f"<GetMetricDataResult>{_xml(shown)}</GetMetricDataResult>"
        )
    return answer


def _members(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the query protocol by the service's own model."""
    model = service_model("cloudwatch")
    shape = model.operation_model("GetMetricData").input_shape if model is not None else None
    assert shape is not None  # noqa: S101 - botocore has it
    flat = {name: str(value[-1] if isinstance(value, list) else value) for name, value in parameters.items()}
    found = from_query(shape, flat, "")
    return found if isinstance(found, dict) else {}


def _page(members: Mapping[str, Any]) -> dict[str, Any]:
    """Cut the page asked for out of all points; a series that goes on behind it is `PartialData`."""
    every = list(_found(members))
    size = min(int(members.get("MaxDatapoints") or _MOST_DATAPOINTS), _MOST_DATAPOINTS)
    start = _position(members.get("NextToken"))
    end = start + size
    results, at = [], 0
    for series in every:
        first, last = at, at + len(series.points)
        at = last
        part = series.points[max(start - first, 0) : max(end - first, 0)]
        if part or start == 0:
            results.append(_result(series, part, complete=last <= end))
    shown: dict[str, Any] = {"MetricDataResults": results, "Messages": []}
    return shown | ({"NextToken": base64.urlsafe_b64encode(str(end).encode()).decode()} if end < at else {})


def _position(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token))
    except (binascii.Error, ValueError) as error:
        raise _Refused("InvalidNextToken", "The next token specified is invalid.") from error


def _result(series: _Series, part: Sequence[tuple[float, float]], *, complete: bool) -> dict[str, Any]:
    from ministack.services import cloudwatch

    shown: dict[str, Any] = {
        "Id": series.id,
        "Label": series.label,
        "Timestamps": [cloudwatch._ts_iso(moment) for moment, _ in part],
        "Values": [value for _, value in part],
        "StatusCode": "Complete" if complete else "PartialData",
    }
    if series.problem is not None:
        shown |= {"StatusCode": "InternalError", "Messages": [{"Code": "Unsupported", "Value": series.problem}]}
    return shown


def _found(members: Mapping[str, Any]) -> Iterator[_Series]:
    from ministack.services import cloudwatch

    queries = members.get("MetricDataQueries") or []
    start, end = cloudwatch._parse_ts(members.get("StartTime")), cloudwatch._parse_ts(members.get("EndTime"))
    _check(queries, start, end)
    newest_first = members.get("ScanBy", "TimestampDescending") != "TimestampAscending"
    for query in queries:
        if str(query.get("ReturnData", True)).lower() == "false":
            continue
        if query.get("Expression"):
            problem = "Expressions are not implemented"
            yield _Series(id=query["Id"], label=query.get("Label") or query["Id"], points=(), problem=problem)
            continue
        asked = query["MetricStat"]
        points = sorted(_points(asked, start, end), reverse=newest_first)
        yield _Series(id=query["Id"], label=query.get("Label") or asked["Metric"]["MetricName"], points=points)


def _check(queries: Sequence[Mapping[str, Any]], start: float | None, end: float | None) -> None:
    if start is None or end is None or not queries:
        raise _Refused("MissingParameter", "StartTime, EndTime and MetricDataQueries are required.")
    if start >= end:
        raise _Refused("ValidationError", "The parameter StartTime must be less than the parameter EndTime.")
    ids = [str(query.get("Id", "")) for query in queries]
    if len(ids) > _MOST_QUERIES or len(set(ids)) < len(ids) or not all(_ID.fullmatch(each) for each in ids):
        message = f"Up to {_MOST_QUERIES} queries, each with an id of its own that begins with a lower-case letter."
        raise _Refused("ValidationError", message)
    for query in queries:
        period = int((query.get("MetricStat") or {}).get("Period", 60))
        if period not in _SHORT_PERIODS and (period < 60 or period % 60):
            raise _Refused("ValidationError", "Period must be 1, 5, 10, 20, 30 or a multiple of 60.")


def _points(asked: Mapping[str, Any], start: float, end: float) -> Iterator[tuple[float, float]]:
    """Aggregate by periods counted from the start time; a period without points is absent, not zero.

    Older points have a coarser resolution, and are not found with a period that is no multiple of it.
    """
    from ministack.services import cloudwatch

    metric, period, now = asked["Metric"], int(asked["Period"]), time.time()
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(metric.get("Dimensions") or []))
    first = _rounded(start, now)
    periods: dict[float, list[Mapping[str, Any]]] = defaultdict(list)
    for point in cloudwatch._metrics.get((metric["Namespace"], metric["MetricName"], dimensions)) or []:
        resolution = _resolution(point["Timestamp"], now)
        if period in _SHORT_PERIODS and resolution == _RETENTION[0][1]:
            resolution = period
        moment = point["Timestamp"] // resolution * resolution
        if first <= moment < end and period % resolution == 0:
            periods[first + (moment - first) // period * period].append(point)
    for moment, points in periods.items():
        value = cloudwatch._stat_value(cloudwatch._calc_stats(points), asked["Stat"], points)
        if value is not None:
            yield moment, float(value)


def _rounded(start: float, now: float) -> float:
    """Round a start time down to the resolution of its age."""
    resolution = _resolution(start, now)
    return start // resolution * resolution


def _resolution(moment: float, now: float) -> int:
    age = now - moment
    return next((resolution for until, resolution in _RETENTION if age < until), _RETENTION[-1][1])


def _xml(value: object) -> str:
    match value:
        case dict():
            return "".join(f"<{name}>{_xml(item)}</{name}>" for name, item in value.items())
        case list():
            return "".join(f"<member>{_xml(item)}</member>" for item in value)
        case _:
            return escape(str(value))
