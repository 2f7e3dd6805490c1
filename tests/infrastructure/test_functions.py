"""How functions are woken and configured, and that nothing they fail at is lost."""

import ast
import json
from pathlib import Path

import pytest
from moto.events.models import EventPattern

from mailwarden.adapters.ledger.codec import finding_from_image
from mailwarden.domain.findings.record import FindingState
from tests.infrastructure.reading import imports
from tests.infrastructure.roles import functions
from tests.infrastructure.templates import FUNCTION, HOME, ROOT, globals_of_functions, template


def example(name: str) -> dict[str, object]:
    event: dict[str, object] = json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))
    return event


def test_the_functions_are_those_in_their_folder() -> None:
    assert set(functions()) == {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    for logical_id, function in template(HOME).of_type(FUNCTION).items():
        assert function["CodeUri"] == f"functions/{logical_id.removesuffix('Function').lower()}"


# What can send to an address of its own choice, past the SDK and the role of the function.
TALKING = frozenset({"http", "socket", "ssl", "smtplib", "ftplib", "requests", "urllib3", "aiohttp", "httpx"})


def test_only_slack_calls_anything_outside_aws() -> None:
    calling = {
        function: found
        for function in functions()
        if (
            found := sorted(
                name for name in imports(function) if name.partition(".")[0] in TALKING or name == "urllib.request"
            )
        )
    }

    assert calling.keys() == {"slack"}, (
        "the role of a function is all that it may reach: give what is outside AWS a queue and a function of its own, "
        f"as Slack has (CONTRIBUTING.md, Add a channel): {calling}"
    )


# SES answers one call a second, and a suppression list has many pages. A region that does not answer takes the sweep
# half a minute for its pools and as long for its trails. No queue waits for these functions.
PATIENT = {"ReputationFunction": 300, "SweepFunction": 300}


def test_all_functions_run_the_same_runtime_layers_and_handler_within_256_mb() -> None:
    common = globals_of_functions()

    assert common["Runtime"] == "python3.13"
    assert common["Architectures"] == ["arm64"]
    assert common["MemorySize"] == 256
    assert common["Handler"] == "app.handler"
    assert common["Layers"] == ["${CoreLayer}", "${DependenciesLayer}"]
    for logical_id, function in template(HOME).of_type(FUNCTION).items():
        # Reserved concurrency keeps a small account from deploying at all.
        assert not {"ReservedConcurrentExecutions", "Policies", "Layers", "MemorySize"} & set(function)
        assert function.get("Timeout") == PATIENT.get(logical_id)


@pytest.mark.parametrize("function", functions())
def test_a_function_logs_json_to_a_group_of_its_own_that_forgets(function: str) -> None:
    logical_id = f"{function.capitalize()}Logs"

    assert globals_of_functions()["LoggingConfig"]["LogFormat"] == "JSON"
    assert template(HOME).properties(f"{function.capitalize()}Function")["LoggingConfig"] == {
        "LogGroup": f"${{{logical_id}}}"
    }
    assert template(HOME).properties(logical_id)["RetentionInDays"] == "${LogRetentionDays}"


@pytest.mark.parametrize("function", functions())
def test_a_handler_never_logs_its_event_whatever_the_environment_says(function: str) -> None:
    tree = ast.parse((ROOT / "functions" / function / "app.py").read_text(encoding="utf-8"))
    [handler] = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    [context] = [decorator for decorator in handler.decorator_list if isinstance(decorator, ast.Call)]

    options = {option.arg: ast.literal_eval(option.value) for option in context.keywords}

    assert options == {"clear_state": True, "log_event": False}


def test_a_function_that_is_invoked_asynchronously_puts_aside_what_it_fails_at() -> None:
    scheduled = {function for function, _, kind, _ in template(HOME).sources() if kind == "Schedule"}

    assert scheduled == {"SweepFunction", "ReputationFunction", "AnnounceFunction"}
    for logical_id in scheduled:
        on_failure = template(HOME).properties(logical_id)["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        assert on_failure == {"Type": "SQS", "Destination": "${FunctionFailures.Arn}"}
    assert {kind for _, _, kind, _ in template(HOME).sources()} == {"Schedule", "SQS", "DynamoDB"}


def test_a_schedule_says_what_it_wants_and_keeps_what_cannot_be_delivered() -> None:
    inputs = {}
    for function, name, kind, properties in template(HOME).sources():
        if kind == "Schedule":
            assert properties["DeadLetterConfig"] == {"Arn": "${EventBridgeDeadLetters.Arn}"}
            inputs[f"{function}.{name}"] = (properties["Schedule"], json.loads(properties["Input"]))

    assert inputs == {
        "SweepFunction.Everything": ("${SweepSchedule}", example("invoke.sweep.everything")),
        "SweepFunction.Due": ("rate(1 minute)", example("invoke.sweep.due")),
        "SweepFunction.OtherRegions": ("rate(1 day)", example("invoke.sweep.other-regions")),
        "ReputationFunction.Figures": ("rate(15 minutes)", {"reputation": "all"}),
        "AnnounceFunction.Waiting": ("rate(1 minute)", example("invoke.announce.waiting")),
        "AnnounceFunction.Reports": ("cron(0 8 * * ? *)", example("invoke.announce.reports")),
    }


def test_a_schedule_that_comes_again_soon_retries_nothing() -> None:
    attempts = {
        name: template(HOME).of_type(FUNCTION)[name]["EventInvokeConfig"]["MaximumRetryAttempts"]
        for name in ("SweepFunction", "ReputationFunction", "AnnounceFunction")
    }

    assert attempts == {"SweepFunction": 0, "ReputationFunction": 0, "AnnounceFunction": 0}


def test_the_stream_wakes_announce_without_ever_standing_still_for_one_record() -> None:
    ((function, properties),) = [
        (function, properties) for function, _, kind, properties in template(HOME).sources() if kind == "DynamoDB"
    ]

    assert function == "AnnounceFunction"
    assert properties["Stream"] == "${LedgerTable.StreamArn}"
    assert properties["StartingPosition"] == "TRIM_HORIZON"
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties["BisectBatchOnFunctionError"] is True
    assert properties["MaximumRetryAttempts"] <= 5
    assert properties["MaximumRecordAgeInSeconds"] <= 3600
    assert properties["DestinationConfig"]["OnFailure"] == {"Type": "SQS", "Destination": "${FunctionFailures.Arn}"}


def test_the_stream_wakes_announce_only_for_findings_that_await_it_and_for_those_that_ended() -> None:
    (properties,) = [properties for _, _, kind, properties in template(HOME).sources() if kind == "DynamoDB"]
    awaiting, ended = (EventPattern.load(each["Pattern"]) for each in properties["FilterCriteria"]["Filters"])
    records = json.loads((ROOT / "events" / "invoke.announce.changes.json").read_text(encoding="utf-8"))["Records"]

    for record in records:
        assert finding_from_image(record["dynamodb"]["NewImage"]) is not None
        assert awaiting.matches_event(record)
        told = json.loads(json.dumps(record))
        del told["dynamodb"]["NewImage"]["awaiting"]
        told["dynamodb"]["NewImage"]["state"] = {"S": FindingState.OPEN.value}
        assert not awaiting.matches_event(told)
        assert not ended.matches_event(told)
        look = json.loads(json.dumps(record).replace("FINDING#", "POOL#"))
        assert not awaiting.matches_event(look)
        for state in FindingState:
            told["dynamodb"]["NewImage"]["state"] = {"S": state.value}
            assert ended.matches_event(told) is (state is not FindingState.OPEN)


def test_nothing_but_a_person_wakes_ask_and_operate() -> None:
    woken = {function for function, _, _, _ in template(HOME).sources()}

    assert set(template(HOME).of_type(FUNCTION)) - woken == {"AskFunction", "OperateFunction"}
    assert not template(HOME).of_type("AWS::Lambda::Permission")


def test_an_emergency_stop_finds_the_mapping_of_the_repairs_queue() -> None:
    (mapping,) = [
        f"{function}{name}"
        for function, name, kind, properties in template(HOME).sources()
        if kind == "SQS" and properties["Queue"] == "${RepairsQueue.Arn}"
    ]

    assert template(HOME).outputs["RepairsMapping"]["Value"] == f"${{{mapping}}}"


def test_every_dead_letter_queue_and_every_function_is_named_in_the_outputs() -> None:
    values = {output["Value"] for output in template(HOME).outputs.values()}

    expected = {f"${{{logical_id}}}" for logical_id in template(HOME).of_type("AWS::SQS::Queue")}
    expected |= {f"${{{logical_id}}}" for logical_id in template(HOME).of_type(FUNCTION)}
    assert expected <= values


def test_the_events_for_local_invocation_are_named_after_a_function() -> None:
    names = [path.stem.split(".") for path in Path(ROOT / "events").glob("invoke.*.json")]

    assert {name[1] for name in names} <= set(functions())
