"""GetMetricData answers about exact series, by periods, newest first and page by page, in whatever protocol."""

import datetime as dt
import json
import urllib.parse
import urllib.request

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import SEOUL, Box, Untyped, allow, unique

DAY = 86_400
MIDNIGHT = int(dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def at(moment: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(moment, dt.UTC)


def put(box: Box, namespace: str, values: dict[float, float], region: str = SEOUL, **dimensions: str) -> None:
    data = [
        {
            "MetricName": "Mail",
            "Timestamp": at(moment),
            "Value": value,
            "Dimensions": [{"Name": name, "Value": text} for name, text in dimensions.items()],
        }
        for moment, value in values.items()
    ]
    box.client("cloudwatch", region).put_metric_data(Namespace=namespace, MetricData=data)


def query(namespace: str, stat: str, period: int, name: str = "q", **dimensions: str) -> dict[str, Untyped]:
    chosen = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    metric = {"Namespace": namespace, "MetricName": "Mail", "Dimensions": chosen}
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}}


def ask(
    box: Box, *queries: Untyped, start: float, end: float, region: str = SEOUL, **options: Untyped
) -> dict[str, Untyped]:
    answer: dict[str, Untyped] = box.client("cloudwatch", region).get_metric_data(
        MetricDataQueries=list(queries), StartTime=at(start), EndTime=at(end), **options
    )
    return answer


def test_periods_without_points_are_absent_and_the_newest_comes_first(box: Box) -> None:
    namespace, start = unique("Shop"), MIDNIGHT - 3 * DAY
    put(box, namespace, {start: 1, start + 800: 2, start + 2 * DAY + 60: 4, start + 3 * DAY: 100})

    daily = ask(box, query(namespace, "Sum", DAY), start=start, end=MIDNIGHT)
    short = ask(box, query(namespace, "Maximum", 900), start=start, end=MIDNIGHT, ScanBy="TimestampAscending")

    [result] = daily["MetricDataResults"]
    assert (result["Timestamps"], result["Values"]) == ([at(start + 2 * DAY), at(start)], [4.0, 3.0])
    assert (result["Id"], result["Label"], result["StatusCode"]) == ("q", "Mail", "Complete")
    [result] = short["MetricDataResults"]
    assert (result["Timestamps"], result["Values"]) == ([at(start), at(start + 2 * DAY)], [2.0, 4.0])


def test_periods_begin_at_the_start_time(box: Box) -> None:
    namespace, start = unique("Shop"), MIDNIGHT - 2 * DAY
    put(box, namespace, {start + 3600: 1, start + 13 * 3600: 2, start + 25 * 3600: 4})

    answer = ask(box, query(namespace, "Sum", DAY), start=start + 12 * 3600 + 30, end=MIDNIGHT)

    [result] = answer["MetricDataResults"]
    assert (result["Timestamps"], result["Values"]) == ([at(start + 12 * 3600)], [6.0])


def test_several_queries_find_exactly_their_own_series(box: Box) -> None:
    namespace, start = unique("Shop"), MIDNIGHT - DAY
    put(box, namespace, {start: 1, start + 60: 3})
    put(box, namespace, {start: 10}, kind="codes")
    put(box, namespace, {start: 100}, region="eu-west-1")
    queries = [
        query(namespace, "Average", DAY, "plain"),
        query(namespace, "Sum", DAY, "codes", kind="codes"),
        query(namespace, "Sum", DAY, "none", kind="invitations"),
        query(namespace, "SampleCount", DAY, "hidden") | {"ReturnData": False},
    ]

    home = ask(box, *queries, start=start, end=MIDNIGHT)
    far = ask(box, *queries, start=start, end=MIDNIGHT, region="eu-west-1")

    found = {result["Id"]: result["Values"] for result in home["MetricDataResults"]}
    assert found == {"plain": [2.0], "codes": [10.0], "none": []}
    assert {result["Id"]: result["Values"] for result in far["MetricDataResults"]} == {
        "plain": [100.0],
        "codes": [],
        "none": [],
    }


def test_pages_say_which_series_go_on(box: Box) -> None:
    namespace, start = unique("Shop"), MIDNIGHT - DAY
    put(box, namespace, {start + 60 * minute: minute for minute in range(5)})
    put(box, namespace, {start: 7}, kind="codes")
    queries = [query(namespace, "Sum", 60, "many"), query(namespace, "Sum", 60, "one", kind="codes")]

    first = ask(box, *queries, start=start, end=MIDNIGHT, MaxDatapoints=3)
    second = ask(box, *queries, start=start, end=MIDNIGHT, MaxDatapoints=3, NextToken=first["NextToken"])

    pages = [
        {result["Id"]: (result["StatusCode"], result["Values"]) for result in page["MetricDataResults"]}
        for page in (first, second)
    ]
    assert pages == [
        {"many": ("PartialData", [4.0, 3.0, 2.0]), "one": ("PartialData", [])},
        {"many": ("Complete", [1.0, 0.0]), "one": ("Complete", [7.0])},
    ]
    assert "NextToken" not in second


def test_old_points_are_kept_with_a_coarser_resolution(box: Box) -> None:
    namespace, start = unique("Shop"), MIDNIGHT - 30 * DAY
    put(box, namespace, {start + 120: 5})

    fine = ask(box, query(namespace, "Sum", 60), start=start, end=start + DAY)
    coarse = ask(box, query(namespace, "Sum", 300), start=start, end=start + DAY)

    assert fine["MetricDataResults"][0]["Values"] == []
    assert coarse["MetricDataResults"][0]["Values"] == [5.0]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"StartTime": at(MIDNIGHT)}, "ValidationError"),
        ({"NextToken": "?"}, "InvalidNextToken"),
        ({"MetricDataQueries": [query("Shop", "Sum", 60), query("Shop", "Sum", 60)]}, "ValidationError"),
        ({"MetricDataQueries": [query("Shop", "Sum", 60, "Upper")]}, "ValidationError"),
        ({"MetricDataQueries": [query("Shop", "Sum", 90)]}, "ValidationError"),
    ],
)
def test_wrong_requests_are_refused(changes: dict[str, Untyped], code: str, box: Box) -> None:
    asked = {"MetricDataQueries": [query("Shop", "Sum", 60)], "StartTime": at(MIDNIGHT - DAY), "EndTime": at(MIDNIGHT)}

    with pytest.raises(ClientError) as error:
        box.client("cloudwatch").get_metric_data(**(asked | changes))

    assert error.value.response["Error"]["Code"] == code


def test_the_older_protocols_are_answered_too(box: Box) -> None:
    namespace, start = unique("Shop"), MIDNIGHT - DAY
    put(box, namespace, {start: 3}, kind="codes")
    query_form = {
        "Action": "GetMetricData",
        "Version": "2010-08-01",
        "StartTime": at(start).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "EndTime": at(MIDNIGHT).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "MetricDataQueries.member.1.Id": "q",
        "MetricDataQueries.member.1.MetricStat.Metric.Namespace": namespace,
        "MetricDataQueries.member.1.MetricStat.Metric.MetricName": "Mail",
        "MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Name": "kind",
        "MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value": "codes",
        "MetricDataQueries.member.1.MetricStat.Period": "900",
        "MetricDataQueries.member.1.MetricStat.Stat": "Sum",
    }
    body = {"MetricDataQueries": [query(namespace, "Sum", 900, kind="codes")], "StartTime": start, "EndTime": MIDNIGHT}

    xml = post(box, urllib.parse.urlencode(query_form), {"Content-Type": "application/x-www-form-urlencoded"})
    target = {"X-Amz-Target": "GraniteServiceVersion20100801.GetMetricData"}
    found = json.loads(post(box, json.dumps(body), {"Content-Type": "application/x-amz-json-1.0"} | target))

    assert "<Values><member>3.0</member></Values>" in xml
    assert found["MetricDataResults"][0]["Values"] == [3.0]
    assert found["MetricDataResults"][0]["Timestamps"] == [start]


def test_a_role_needs_the_permission_on_every_resource(box: Box) -> None:
    _, may = box.user(allow("cloudwatch:GetMetricData"))
    _, may_not = box.user(allow("cloudwatch:GetMetricStatistics"))
    asked = {"MetricDataQueries": [query("Shop", "Sum", 60)], "StartTime": at(MIDNIGHT - DAY), "EndTime": at(MIDNIGHT)}

    answer = box.client("cloudwatch", keys=may).get_metric_data(**asked)
    with pytest.raises(ClientError) as error:
        box.client("cloudwatch", keys=may_not).get_metric_data(**asked)

    assert answer["MetricDataResults"][0]["Values"] == []
    assert error.value.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException"}
    assert {call["resource"] for call in box.calls(service="cloudwatch", action="GetMetricData")} == {"*"}


def post(box: Box, body: str, headers: dict[str, str]) -> str:
    """Make a signed call as it goes over the wire."""
    running = box.running
    request = AWSRequest("POST", f"{running.endpoint}/", data=body, headers=headers)
    SigV4Auth(Credentials(running.access_key_id, running.secret_access_key), "monitoring", SEOUL).add_auth(request)
    sent = urllib.request.Request(  # noqa: S310 - our own address
        f"{running.endpoint}/", data=body.encode(), headers=dict(request.headers.items()), method="POST"
    )
    with urllib.request.urlopen(sent, timeout=10) as answer:  # noqa: S310 - our own address
        found: str = answer.read().decode()
    return found
