"""Our own metrics, in the embedded metric format that CloudWatch reads from the log."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from mailwarden.adapters.metrics.own_metrics import FINDINGS, EmfMetrics, OwnMetric
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.repair.write_window import WriteWindow
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


def test_a_write_is_told_with_its_time_since_the_event(capsys: pytest.CaptureFixture[str]) -> None:
    EmfMetrics().repaired(took=timedelta(seconds=31, milliseconds=5))

    assert told(capsys) == {OwnMetric.REPAIRS: ("Count", 1), OwnMetric.EVENT_TO_REPAIR: ("Milliseconds", 31_005)}


def test_a_write_that_no_event_led_to_is_told_without_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    EmfMetrics().repaired(took=None)

    assert told(capsys) == {OwnMetric.REPAIRS: ("Count", 1)}


def test_the_window_of_a_write_is_told_in_milliseconds(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    window = WriteWindow(resource=SEOUL_POOL.arn, compared_at=at, written_at=at + timedelta(milliseconds=250))

    EmfMetrics().written_within(window)

    assert told(capsys) == {OwnMetric.COMPARE_TO_WRITE: ("Milliseconds", 250)}


def test_ages_are_told_in_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    EmfMetrics().sweep_age(61.5)
    EmfMetrics().reputation_age(900.0)

    assert told(capsys) == {OwnMetric.SWEEP_AGE: ("Seconds", 61.5), OwnMetric.REPUTATION_AGE: ("Seconds", 900)}


def test_regions_that_need_a_newer_sdk_are_told_as_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    EmfMetrics().outdated_sdk(2)

    assert told(capsys) == {OwnMetric.OUTDATED_SDK: ("Count", 2)}


def test_open_findings_are_told_for_every_severity(capsys: pytest.CaptureFixture[str]) -> None:
    EmfMetrics().open_findings({severity: int(severity) for severity in Severity})

    assert told(capsys) == {FINDINGS[severity]: ("Count", int(severity)) for severity in Severity}
