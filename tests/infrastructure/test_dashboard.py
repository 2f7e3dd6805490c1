"""What people look at: the dashboard is valid, and everything it and the alarms name exists."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import fastjsonschema
import pytest

from mailwarden.adapters.metrics.own_metrics import FINDINGS, OwnMetric
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.reputation.rate_levels import RateLevel, RateSteps
from mailwarden.domain.reputation.thresholds import Thresholds
from tests.infrastructure.dashboard import HOME_REGION, TimeSeries, alarmed, body, drawn, widgets
from tests.infrastructure.templates import ALARM, FUNCTION, HOME, QUEUE, ROOT, template, written

NAMESPACE = "Mailwarden"
OWN_DIMENSIONS = (("service", "mailwarden"),)
MANY = ",".join([HOME_REGION, *(f"eu-west-{number}" for number in range(1, 40))])
# What AWS measures: namespace, name, and the dimensions it is looked at by (the services' own lists of metrics).
OF_AWS = {
    ("AWS/SES", "Reputation.BounceRate"): (),
    ("AWS/SES", "Reputation.ComplaintRate"): (),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): ("QueueName",),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): ("QueueName",),
    ("AWS/Lambda", "Errors"): ("FunctionName",),
}
# The words of the query language that our queries use.
INSIGHTS = frozenset({"filter", "and", "ispresent", "stats", "latest", "count", "as", "by", "sort", "desc"})


def schema() -> dict[str, object]:
    found: dict[str, object] = json.loads(Path(__file__).with_name("dashboard.schema.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("watched", [HOME_REGION, "eu-west-1,us-gov-west-1", MANY])
def test_the_body_is_what_cloudwatch_documents_for_any_number_of_regions(watched: str) -> None:
    fastjsonschema.validate(schema(), body(watched))


@pytest.mark.parametrize(
    "broken",
    [
        {"widgets": [{"type": "metrics", "properties": {}}]},
        {"widgets": [{"type": "metric", "properties": {"metrics": [["AWS/SQS"]], "region": HOME_REGION}}]},
        {"widgets": [{"type": "metric", "properties": {"metrics": [["AWS/SQS", "Age"]]}}]},
        {"widgets": [{"type": "log", "properties": {"query": "fields @message", "region": HOME_REGION}}]},
        {"widgets": [{"type": "alarm", "properties": {"alarms": []}}]},
        {"widgets": [{"type": "text", "x": 24, "properties": {"markdown": ""}}]},
    ],
    ids=["type", "no name", "no region", "no source", "no alarm", "beyond the grid"],
)
def test_a_body_that_is_not_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        fastjsonschema.validate(schema(), broken)


@pytest.mark.parametrize("watched", [HOME_REGION, "eu-west-1,us-west-2", MANY])
def test_the_rates_are_drawn_for_each_watched_region_and_named_by_it(watched: str) -> None:
    rates = [widget["metrics"] for widget in widgets("metric", watched=watched) if "annotations" in widget]

    assert len(rates) == 2
    for metrics, name in zip(rates, ("Reputation.BounceRate", "Reputation.ComplaintRate"), strict=True):
        assert metrics == [
            ["AWS/SES", name, {"label": "${PROP('Region')}", "region": region}] for region in watched.split(",")
        ]


def test_the_rates_are_drawn_against_the_steps_that_the_rules_know() -> None:
    lines = [widget["annotations"]["horizontal"] for widget in widgets("metric") if "annotations" in widget]
    known = Thresholds()

    for drawn_lines, steps in zip(lines, (known.bounce_rates, known.complaint_rates), strict=True):
        assert [line["value"] for line in drawn_lines] == _values(steps)
        assert all(line["label"].endswith(f": {round(line['value'] * 100, 4):g} %") for line in drawn_lines)


def _values(steps: RateSteps) -> list[float]:
    return [steps.from_which(level) for level in RateLevel if level is not RateLevel.NORMAL]


def test_widgets_stand_beside_each_other_and_not_on_top() -> None:
    taken: set[tuple[int, int]] = set()

    for widget in body(HOME_REGION)["widgets"]:
        across = range(widget["x"], widget["x"] + widget["width"])
        counter_keys = {(x, y) for x in across for y in range(widget["y"], widget["y"] + widget["height"])}
        assert not counter_keys & taken, widget["properties"]["title"]
        assert max(across) < 24
        taken |= counter_keys


def test_every_alarm_is_on_the_dashboard() -> None:
    (alarms,) = widgets("alarm")

    assert set(alarms["alarms"]) == {f"arn:{name}.Arn" for name in template(HOME).of_type(ALARM)}


def test_without_slack_nothing_watches_or_polls_for_it() -> None:
    (alarms,) = widgets("alarm", chat=False)
    (mapping,) = [each for function, _, _, each in template(HOME).sources() if function == "SlackFunction"]
    conditional = {
        f"arn:{name}.Arn"
        for name, resource in template(HOME).resources.items()
        if resource["Type"] == ALARM and resource.get("Condition") == "HasSlack"
    }

    fastjsonschema.validate(schema(), body(HOME_REGION, chat=False))
    assert conditional == {"arn:ChatDeadLettersAlarm.Arn", "arn:SlackErrorsAlarm.Arn"}
    assert not conditional & set(alarms["alarms"])
    assert mapping["Enabled"] is True
    source = written(HOME)["Resources"]["SlackFunction"]["Properties"]["Events"]["Alerts"]["Properties"]
    assert source["Enabled"] == {"Fn::If": ["HasSlack", True, False]}


def test_every_function_and_every_queue_is_on_the_dashboard() -> None:
    shown = {value for series in drawn() for _, value in series.dimensions}

    assert {f"${{{function}}}" for function in template(HOME).of_type(FUNCTION)} <= shown
    assert {f"${{{queue}.QueueName}}" for queue in template(HOME).of_type(QUEUE)} <= shown


@pytest.mark.parametrize("series", sorted({*drawn(), *alarmed()}, key=repr), ids=lambda series: series.name)
def test_a_metric_that_is_named_is_one_of_ours_or_one_of_aws(series: TimeSeries) -> None:
    if series.namespace == NAMESPACE:
        assert series.name in set(OwnMetric)
        assert series.dimensions == OWN_DIMENSIONS
    else:
        assert tuple(name for name, _ in series.dimensions) == OF_AWS[series.namespace, series.name]


def test_every_metric_of_ours_is_drawn_and_there_are_at_most_ten() -> None:
    assert {series.name for series in drawn() if series.namespace == NAMESPACE} == set(OwnMetric)
    assert len(OwnMetric) <= 10


def test_the_findings_have_a_metric_for_every_severity() -> None:
    assert set(FINDINGS) == set(Severity)
    assert all(metric.removeprefix("Findings").lower() == severity.label for severity, metric in FINDINGS.items())


@pytest.mark.parametrize("metric", OwnMetric)
def test_a_metric_of_ours_is_sent_by_the_code(metric: OwnMetric) -> None:
    assert metric in {*sent()}


def test_the_code_sends_no_metric_that_is_not_in_the_table() -> None:
    assert {*sent()} <= set(OwnMetric)


def sent() -> Iterator[str]:
    """The name in each call that adds a metric, whether it is written out or taken from the table."""
    for call in _calls():
        # Every metric goes through this one function, by its name in the table.
        if _called(call) == "_emit":
            yield from _names(call.args[0])


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _names(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Attribute(value=ast.Name(id="OwnMetric"), attr=member):
            yield OwnMetric[member]
        case ast.Subscript(value=ast.Name(id="FINDINGS")):
            yield from FINDINGS.values()
        case _:
            raise AssertionError(f"whence is the name of the metric in {ast.unparse(value)}?")


@pytest.mark.parametrize("widget", widgets("log"), ids=lambda widget: widget["title"])
def test_a_query_asks_for_a_log_line_and_fields_that_are_written(widget: dict[str, str]) -> None:
    source, _, query = widget["query"].partition(" | ")
    (group,) = re.findall(r"^SOURCE '\$\{(\w+)\}'$", source)
    (message,) = re.findall(r"message = '([^']+)'", query)
    named = set(re.findall(r"[a-z_]+", re.sub(r"'[^']*'", "", query)))
    answers = set(re.findall(r" as (\w+)", query))

    asked = named - INSIGHTS - (answers - fields_logged(message)) - {"message"}

    assert template(HOME).resources[group]["Type"] == "AWS::Logs::LogGroup"
    assert asked
    assert asked <= fields_logged(message)


def fields_logged(message: str) -> set[str]:
    """The fields that the code logs with a message."""
    return {
        key.value
        for call in _calls()
        if call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value == message
        for extra in call.keywords
        if extra.arg == "extra" and isinstance(extra.value, ast.Dict)
        for key in extra.value.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _calls() -> Iterator[ast.Call]:
    for path in [*ROOT.glob("functions/*/app.py"), *(ROOT / "layers" / "core" / "mailwarden").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield node
