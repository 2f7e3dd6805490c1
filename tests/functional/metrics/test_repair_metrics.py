"""What repair tells of its writes, in the embedded metric format that CloudWatch reads from the log."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from mailwarden.adapters.aws.write_window import WriteWindow
from mailwarden.adapters.metrics.own_metrics import OwnMetric
from mailwarden.adapters.metrics.repair_metrics import report_repair, report_window
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, WriteOutcome, Written
from mailwarden.message import verbatim
from mailwarden.service.repair.repair import Repaired
from tests.fakes.examples import SEOUL_POOL


@pytest.fixture(autouse=True)
def _named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "mailwarden")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Mailwarden")


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[str, float]]:
    """Unit and value of each metric that was told, by name."""
    found = {}
    for line in capsys.readouterr().out.splitlines():
        document = json.loads(line)
        (directive,) = document["_aws"]["CloudWatchMetrics"]
        assert (directive["Namespace"], directive["Dimensions"]) == ("Mailwarden", [["service"]])
        assert document["service"] == "mailwarden"
        for metric in directive["Metrics"]:
            (value,) = document[metric["Name"]]
            found[metric["Name"]] = (metric["Unit"], value)
    return found


def done(outcome: WriteOutcome | None, took: timedelta | None = None) -> Repaired:
    return Repaired(pool=SEOUL_POOL, rule_id="MW401", note=None, outcome=outcome, entry_id="entry-1", took=took)


def test_a_write_is_told_with_its_time_since_the_event(capsys: pytest.CaptureFixture[str]) -> None:
    report_repair(done(Written(entry_id="entry-1"), timedelta(seconds=31, milliseconds=5)))

    assert told(capsys) == {OwnMetric.REPAIRS: ("Count", 1), OwnMetric.EVENT_TO_REPAIR: ("Milliseconds", 31_005)}


def test_a_write_that_no_event_led_to_is_told_without_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    report_repair(done(Written(entry_id="entry-1")))

    assert told(capsys) == {OwnMetric.REPAIRS: ("Count", 1)}


@pytest.mark.parametrize(
    "outcome", [None, Drifted(reason=verbatim("d")), Refused(reason=verbatim("r")), SideEffect(reason=verbatim("s"))]
)
def test_what_repaired_nothing_is_not_told(capsys: pytest.CaptureFixture[str], outcome: WriteOutcome | None) -> None:
    report_repair(done(outcome))

    assert told(capsys) == {}


def test_the_window_of_a_write_is_told_in_milliseconds(capsys: pytest.CaptureFixture[str]) -> None:
    report_window(WriteWindow(resource=SEOUL_POOL.arn, opened_at=datetime(2026, 3, 2, tzinfo=UTC), seconds=0.25))

    assert told(capsys) == {OwnMetric.COMPARE_TO_WRITE: ("Milliseconds", 250)}
