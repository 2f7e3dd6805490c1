"""Metrics come from CloudWatch in slots, for all subjects of a region at once; incomplete data is unread."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.ses.metrics import CloudWatchMetrics
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import Figures
from mailwarden.domain.reputation.time_series import Slot
from tests.builders import ACCOUNT, NOON, configuration_set_ref
from tests.functional.aws.wire.cloudwatch import CloudWatch
from tests.functional.aws.wire.wire import Answer, Wire, refusal

HERE = SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT)
MAIL = configuration_set_ref()
ACTION = "cloudwatch:GetMetricData"


class Reads:
    """CloudWatch in memory behind the adapter."""

    def __init__(self) -> None:
        self.cloudwatch = CloudWatch()
        self.wire = Wire(services={"monitoring": self.cloudwatch})
        self.figures = CloudWatchMetrics(clients=Clients(self.wire.session()))

    def read(self, *subjects: SesAccountRef | ConfigurationSetRef, hours: float = 2, region: str = "us-east-1") -> Any:  # noqa: ANN401 - a mapping or an Unread
        return self.figures.read(region, subjects or (HERE,), start=NOON - timedelta(hours=hours), end=NOON)


@pytest.fixture
def reads() -> Reads:
    return Reads()


def before_noon(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


def test_metrics_of_an_account_and_its_sets_take_one_request(reads: Reads) -> None:
    reads.cloudwatch.put("Send", (before_noon(30), 40.0), (before_noon(15), 9.0))
    reads.cloudwatch.put("Bounce", (before_noon(15), 2.0))
    reads.cloudwatch.put("Reputation.BounceRate", (before_noon(30), 0.03125))
    reads.cloudwatch.put("Send", (before_noon(15), 4.0), of_set="mail")
    reads.cloudwatch.put("Reputation.ComplaintRate", (before_noon(45), 0.0007), of_set="mail")

    read = reads.read(HERE, MAIL)

    assert read == {
        HERE: (
            Slot(at=before_noon(30), figures=Figures(sends=40.0, bounce_rate=0.03125)),
            Slot(at=before_noon(15), figures=Figures(sends=9.0, bounces=2.0)),
        ),
        MAIL: (
            Slot(at=before_noon(45), figures=Figures(complaint_rate=0.0007)),
            Slot(at=before_noon(15), figures=Figures(sends=4.0)),
        ),
    }
    assert reads.wire.operations() == ("GetMetricData",)


def test_the_question_names_every_metric_its_statistic_and_the_time(reads: Reads) -> None:
    reads.read(HERE, MAIL)

    (asked,) = reads.cloudwatch.asked
    stats = [query["MetricStat"] for query in asked["MetricDataQueries"]]
    assert {(stat["Metric"]["MetricName"], stat["Stat"]) for stat in stats} == {
        ("Send", "Sum"),
        ("Delivery", "Sum"),
        ("Bounce", "Sum"),
        ("Complaint", "Sum"),
        ("Reject", "Sum"),
        ("RenderingFailure", "Sum"),
        ("Reputation.BounceRate", "Maximum"),
        ("Reputation.ComplaintRate", "Maximum"),
    }
    assert {stat["Period"] for stat in stats} == {900}
    assert [stat["Metric"]["Dimensions"] for stat in stats] == [[]] * 8 + [
        [{"Name": "ses:configuration-set", "Value": "mail"}]
    ] * 8
    assert (asked["StartTime"], asked["EndTime"]) == (before_noon(120).timestamp(), NOON.timestamp())


def test_an_account_without_any_metric_has_no_slots(reads: Reads) -> None:
    assert reads.read(HERE, MAIL) == {HERE: (), MAIL: ()}


def test_several_pages_are_joined(reads: Reads) -> None:
    reads.cloudwatch.most = 3
    for quarter in range(1, 9):
        reads.cloudwatch.put("Send", (before_noon(15 * quarter), float(quarter)))
        reads.cloudwatch.put("Bounce", (before_noon(15 * quarter), 1.0))

    read = reads.read()

    assert [slot.figures for slot in read[HERE]] == [Figures(sends=float(n), bounces=1.0) for n in range(8, 0, -1)]
    assert reads.wire.count("GetMetricData") == 6


def test_no_question_asks_for_more_than_five_hundred_metrics(reads: Reads) -> None:
    sets = [configuration_set_ref(f"set-{number}") for number in range(130)]
    reads.cloudwatch.put("Send", (before_noon(15), 1.0), of_set="set-129")

    read = reads.read(HERE, *sets)

    assert [len(asked["MetricDataQueries"]) for asked in reads.cloudwatch.asked] == [500, 500, 48]
    assert len(read) == 131
    assert read[sets[129]] == (Slot(at=before_noon(15), figures=Figures(sends=1.0)),)


@pytest.mark.parametrize(
    ("status", "transient"), [("PartialData", True), ("InternalError", True), ("Forbidden", False)]
)
def test_data_that_cloudwatch_keeps_back_make_the_region_unread(reads: Reads, status: str, transient: bool) -> None:
    reads.cloudwatch.put("Send", (before_noon(15), 9.0))
    reads.cloudwatch.statuses["Bounce"] = status

    read = reads.read(HERE, MAIL)

    assert read == Unreadable(action=ACTION, region="us-east-1", reason=status, transient=transient)


def test_an_error_on_an_early_page_is_not_made_good_by_a_later_one(reads: Reads) -> None:
    reads.cloudwatch.most = 1
    reads.cloudwatch.put("Send", (before_noon(30), 9.0), (before_noon(15), 9.0))
    reads.cloudwatch.statuses["Send"] = "InternalError"
    reads.wire.disturb("GetMetricData", 2, before=reads.cloudwatch.statuses.clear)

    assert str(reads.read()) == f"InternalError: {ACTION} in us-east-1"


def test_a_message_about_the_whole_question_makes_the_region_unread(reads: Reads) -> None:
    reads.cloudwatch.messages.append({"Code": "MaxMetricsExceeded", "Value": "Maximum number of allowed metrics"})

    assert str(reads.read()) == f"MaxMetricsExceeded: {ACTION} in us-east-1"


@pytest.mark.parametrize(
    ("answer", "reason", "transient"),
    [
        (refusal("AccessDenied", status=403), "AccessDenied", False),
        (refusal("Throttling"), "Throttling", True),
        (refusal("UnrecognizedClientException", status=403), "UnrecognizedClientException", False),
        (ConnectTimeoutError(endpoint_url="https://monitoring.us-east-1.amazonaws.com/"), "ConnectTimeout", True),
    ],
)
def test_a_refused_throttled_or_silent_region_is_unread(
    reads: Reads, answer: Answer | Exception, reason: str, transient: bool
) -> None:
    reads.wire.disturb("GetMetricData", 1, 2, 3, 4, instead=answer)

    assert reads.read() == Unreadable(
        action=ACTION,
        region="us-east-1",
        reason=reason,
        transient=transient,
        is_timeout=reason.endswith("Timeout"),
    )


def test_a_region_that_is_none_is_unread(reads: Reads) -> None:
    nowhere = SesAccountRef(partition="aws", region="nowhere", account=ACCOUNT)

    read = reads.read(nowhere, region="nowhere")

    assert read == Unreadable(action=ACTION, region="nowhere", reason="InvalidRegionError")


def test_a_request_that_cloudwatch_refuses_is_unread(reads: Reads) -> None:
    reads.wire.disturb("GetMetricData", instead=refusal("InvalidParameterCombination"))

    assert reads.read() == Unreadable(action=ACTION, region="us-east-1", reason="InvalidParameterCombination")
