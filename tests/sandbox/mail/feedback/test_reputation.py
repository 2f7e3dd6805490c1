"""CloudWatch shows what SES counts, region by region, and the rates by which SES judges an account."""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.mail.box import Sandbox, unique
from tests.sandbox.mail.feedback.listeners import configuration_set, send

REGION = "us-west-1"
SENDER = "noreply@reputation.example"
COUNTS = ["Send", "Delivery", "Bounce", "Complaint", "Reject", "RenderingFailure"]
RATES = ["Reputation.BounceRate", "Reputation.ComplaintRate"]
DAY = 86_400


@pytest.fixture(autouse=True)
def _clean_region(sandbox: Sandbox) -> Iterator[None]:
    sandbox.identity(SENDER, REGION)
    sandbox.control("DELETE", "ses/metrics", region=REGION)
    yield
    sandbox.control("DELETE", "ses/recipients")


def metrics(
    sandbox: Sandbox,
    names: list[str],
    *,
    region: str = REGION,
    name: str | None = None,
    stat: str = "Sum",
    days: int = 1,
) -> dict[str, list[float]]:
    """Read the daily values of some metrics, the newest first."""
    dimensions = [{"Name": "ses:configuration-set", "Value": name}] if name else []
    queries: list[dict[str, Any]] = [
        {
            "Id": f"q{number}",
            "Label": metric,
            "MetricStat": {
                "Metric": {"Namespace": "AWS/SES", "MetricName": metric, "Dimensions": dimensions},
                "Period": DAY,
                "Stat": stat,
            },
        }
        for number, metric in enumerate(names)
    ]
    end = (int(time.time()) // DAY + 1) * DAY
    answer = sandbox.client("cloudwatch", region).get_metric_data(
        MetricDataQueries=queries,
        StartTime=dt.datetime.fromtimestamp(end - days * DAY, dt.UTC),
        EndTime=dt.datetime.fromtimestamp(end, dt.UTC),
    )
    return {result["Label"]: result["Values"] for result in answer["MetricDataResults"]}


def send_to(sandbox: Sandbox, outcome: str, number: int = 1, name: str | None = None) -> None:
    """Send mail to new recipients whose mail ends so."""
    domain = f"{unique('customer')}.example"
    sandbox.control("POST", "ses/recipients", {"pattern": f"*@{domain}", "outcome": outcome})
    for position in range(number):
        send(sandbox, REGION, SENDER, f"user-{position}@{domain}", name)


def test_series_begin_with_the_first_event_and_stay_in_their_region(sandbox: Sandbox) -> None:
    before = metrics(sandbox, COUNTS + RATES)

    send_to(sandbox, "delivered", 2)

    assert all(values == [] for values in before.values())
    assert metrics(sandbox, COUNTS) == {
        "Send": [2.0],
        "Delivery": [2.0],
        "Bounce": [],
        "Complaint": [],
        "Reject": [],
        "RenderingFailure": [],
    }
    assert metrics(sandbox, RATES, stat="Maximum") == {
        "Reputation.BounceRate": [0.0],
        "Reputation.ComplaintRate": [0.0],
    }
    assert metrics(sandbox, ["Send"], region="il-central-1") == {"Send": []}


def test_everything_that_happens_is_counted(sandbox: Sandbox) -> None:
    for outcome in ("delivered", "bounce", "soft_bounce", "complaint", "reject", "rendering_failure", "delay"):
        send_to(sandbox, outcome)

    assert metrics(sandbox, COUNTS) == {
        "Send": [5.0],
        "Delivery": [2.0],
        "Bounce": [2.0],
        "Complaint": [1.0],
        "Reject": [1.0],
        "RenderingFailure": [1.0],
    }


def test_rates_are_fractions_of_what_was_sent(sandbox: Sandbox) -> None:
    send_to(sandbox, "delivered", 6)
    send_to(sandbox, "complaint")
    send_to(sandbox, "bounce", 2)
    send_to(sandbox, "soft_bounce")

    assert metrics(sandbox, RATES, stat="Maximum") == {
        "Reputation.BounceRate": [pytest.approx(2 / 9)],
        "Reputation.ComplaintRate": [pytest.approx(1 / 7)],
    }


def test_rates_leave_out_the_simulator_one_s_own_domains_and_suppressed_addresses(sandbox: Sandbox) -> None:
    sandbox.identity("own.example", REGION)
    sandbox.control("POST", "ses/recipients", {"pattern": "*@own.example", "outcome": "bounce"})
    gone = f"{unique('gone')}@customer.example"
    sandbox.client("sesv2", REGION).put_suppressed_destination(EmailAddress=gone, Reason="BOUNCE")

    send_to(sandbox, "delivered")
    send(sandbox, REGION, SENDER, "bounce@simulator.amazonses.com")
    send(sandbox, REGION, SENDER, "somebody@own.example")
    send(sandbox, REGION, SENDER, gone)

    assert metrics(sandbox, ["Reputation.BounceRate"], stat="Maximum") == {"Reputation.BounceRate": [0.0]}
    assert metrics(sandbox, ["Reputation.BounceRate"], stat="SampleCount") == {"Reputation.BounceRate": [1.0]}
    assert metrics(sandbox, ["Send", "Bounce"]) == {"Send": [4.0], "Bounce": [2.0]}


@pytest.mark.parametrize("enabled", [True, False])
def test_a_set_has_series_of_its_own_where_its_reputation_metrics_are_enabled(enabled: bool, sandbox: Sandbox) -> None:
    name = configuration_set(sandbox, REGION, ReputationOptions={"ReputationMetricsEnabled": enabled})

    send_to(sandbox, "delivered", 2)
    send_to(sandbox, "bounce", 2, name)

    of_set = {"Send": [2.0], "Bounce": [2.0]} if enabled else {"Send": [], "Bounce": []}
    assert metrics(sandbox, ["Send", "Bounce"], name=name) == of_set
    assert metrics(sandbox, ["Send", "Bounce"]) == {"Send": [4.0], "Bounce": [2.0]}
    rate = metrics(sandbox, ["Reputation.BounceRate"], name=name, stat="Maximum")
    assert rate == {"Reputation.BounceRate": [1.0] if enabled else []}


def test_control_puts_points_into_the_past(sandbox: Sandbox) -> None:
    noon = (int(time.time()) // DAY) * DAY - DAY // 2
    points = [
        {"name": "Send", "value": 500, "at": noon},
        {"name": "Send", "value": 300, "at": noon - 3600},
        {"name": "Send", "value": 40, "at": noon - 2 * DAY},
        {"name": "Send", "value": 7, "at": noon, "configuration_set": "codes"},
        {"name": "Reputation.BounceRate", "value": 0.061, "at": noon - 20 * DAY},
    ]

    put = sandbox.control("POST", "ses/metrics", {"region": REGION, "points": points})

    assert put == {"points": 5}
    assert metrics(sandbox, ["Send"], days=5) == {"Send": [800.0, 40.0]}
    assert metrics(sandbox, ["Send"], days=5, name="codes") == {"Send": [7.0]}
    assert metrics(sandbox, RATES, days=30, stat="Average") == {
        "Reputation.BounceRate": [0.061],
        "Reputation.ComplaintRate": [],
    }
    sandbox.control("DELETE", "ses/metrics", region=REGION)
    assert metrics(sandbox, ["Send"], days=5) == {"Send": []}


@pytest.mark.parametrize(
    "body",
    [
        {"region": REGION, "points": [{"name": "Sent", "value": 1, "at": 1}]},
        {"region": REGION, "points": [{"name": "Send", "value": 1}]},
        {"points": [{"name": "Send", "value": 1, "at": 1}]},
    ],
)
def test_nonsense_is_no_point(body: dict[str, Any], sandbox: Sandbox) -> None:
    assert sandbox.control_response("POST", "ses/metrics", body).status == 400
