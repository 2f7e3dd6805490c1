"""Whatever ``LogLevel`` is: metrics and errors reach CloudWatch, and no secret, token or address is written."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import cfnlint.decode
import pytest

ROOT = Path(__file__).parents[3]
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))
LEVELS = ("DEBUG", "INFO", "WARN", "ERROR")
HEIGHT = {"TRACE": 0, "DEBUG": 1, "INFO": 2, "WARN": 3, "WARNING": 3, "ERROR": 4, "FATAL": 5, "CRITICAL": 5}
REGION, ACCOUNT = "eu-central-1", "123456789012"
SECRET, TOKEN, JANE = "T0000/B0000/TopSecretToken", "CanarySessionToken", "jane.doe@private.example"
# What is looked for, in lower case, also as it stands in a URL.
CANARIES = ("topsecrettoken", "canarysessiontoken", "jane.doe", "private.example")
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": TOKEN,
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
    "PARTITION": "aws",
    "ACCOUNT_ID": ACCOUNT,
    "WATCHED_REGIONS": REGION,
    "LEDGER_TABLE": "ledger",
    "JOURNAL_TABLE": "journal",
    "HINTS_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/hints",
    "REPAIRS_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/repairs.fifo",
    "CHAT_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/chat.fifo",
    "TOPIC_ARN": f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts",
    "ALERT_CHANNELS": "topic,chat",
    "SLACK_SECRET_ARN": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:webhook-AbC123",
    "WEBHOOK_ORIGINS": "http://127.0.0.1:9",
    "POWERTOOLS_METRICS_NAMESPACE": "Mailwarden",
    # Somebody may turn these on for all functions of an account.
    "POWERTOOLS_LOGGER_LOG_EVENT": "true",
}
UNREADABLE: Mapping[str, object] = {"Records": [{"messageId": "m1", "body": "{", "attributes": {}}]}


def example(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((ROOT / "events" / f"invoke.{name}.json").read_text())
    return event


def to_jane(name: str) -> dict[str, Any]:
    """An example with a recipient of ours, wherever one stands."""
    text = (ROOT / "events" / f"invoke.{name}.json").read_text()
    for recipient in ("bounce@simulator.amazonses.com", "complaint@simulator.amazonses.com", "jane@example.net"):
        assert recipient in text
        text = text.replace(recipient, JANE)
    event: dict[str, Any] = json.loads(text)
    return event


# No table exists in the emulator, so each function meets an error; each event has what it may have of a person.
EVENTS: dict[str, list[dict[str, Any]]] = {
    "announce": [example("announce.waiting") | {"by": JANE}],
    "ask": [example("ask.why") | {"address": JANE}],
    "inspect": [example("inspect.mixed") | {"by": JANE}],
    "operate": [{"unsuppress": {"region": REGION, "address": JANE, "reason": "asked", "by": "jo", "confirm": True}}],
    "repair": [example("repair.orders") | {"by": JANE}],
    "reputation": [example("reputation.all") | {"by": JANE}],
    "slack": [example("slack.alerts") | {"by": JANE}, {**UNREADABLE, "by": JANE}],
    "sweep": [example("sweep.everything") | {"by": JANE}],
    "tally": [to_jane("tally.feedback") | {"by": JANE}, {**UNREADABLE, "by": JANE}],
}


def resolved(value: object, level: str) -> str:
    """A value of the template that depends on ``LogLevel`` alone."""
    match value:
        case {"Ref": "LogLevel"}:
            return level
        case {"Fn::If": ["IsDebug", then, otherwise]}:
            return resolved(then if level == "DEBUG" else otherwise, level)
        case _:
            assert isinstance(value, str)
            return value


def platform(level: str) -> dict[str, str]:
    """The variables that the runtime and Powertools read, as the template sets them for a ``LogLevel``."""
    document, faults = cfnlint.decode.decode(str(ROOT / "template.yaml"))
    assert isinstance(document, dict), faults
    function = document["Globals"]["Function"]
    ours = function["Environment"]["Variables"]
    return {
        "AWS_LAMBDA_LOG_LEVEL": resolved(function["LoggingConfig"]["ApplicationLogLevel"], level),
        "POWERTOOLS_LOG_LEVEL": resolved(ours["POWERTOOLS_LOG_LEVEL"], level),
        "POWERTOOLS_SERVICE_NAME": ours["POWERTOOLS_SERVICE_NAME"],
    }


@cache
def written() -> dict[tuple[str, str], list[str]]:
    """What every function writes at every level, line by line."""
    cases = [(function, level) for function in FUNCTIONS for level in LEVELS]
    plan = [
        {
            "function": function,
            "environment": ENVIRONMENT | platform(level),
            "events": EVENTS[function],
            "secret": f"http://127.0.0.1:9/services/{SECRET}",
        }
        for function, level in cases
    ]
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"log-levels-{os.getpid()}.json"  # noqa: S108
    path.write_text(json.dumps(plan))
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(Path(__file__).with_name("runtime.py")), str(path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        path.unlink()
    assert done.returncode == 0, done.stderr
    texts = json.loads(done.stdout)
    return {case: text.splitlines() for case, text in zip(cases, texts, strict=True)}


def delivered(function: str, level: str) -> list[dict[str, Any]]:
    """The lines that Lambda sends to CloudWatch. Source: Lambda guide, "Log-level filtering".

    A line without a level, or without a timestamp as in RFC 3339, counts as INFO.
    """
    lines = written()[function, level]
    assert lines[:1] != ["FAILED"], lines
    least = HEIGHT[platform(level)["AWS_LAMBDA_LOG_LEVEL"]]
    documents = [json.loads(line) for line in lines if line.startswith("{")]
    return [document for document in documents if _height(document) >= least]


def _height(document: Mapping[str, Any]) -> int:
    return HEIGHT[str(document["level"])] if _is_timed(document) and "level" in document else HEIGHT["INFO"]


def _is_timed(document: Mapping[str, Any]) -> bool:
    stamp = str(document.get("timestamp", ""))
    try:
        return "T" in stamp and datetime.fromisoformat(stamp).tzinfo is not None
    except ValueError:
        return False


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_secret_token_or_address_is_written(function: str, level: str) -> None:
    text = "\n".join(written()[function, level]).lower()

    assert not text.startswith("failed"), text
    assert [canary for canary in CANARIES if canary in text] == []


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_metrics_reach_cloudwatch(function: str, level: str) -> None:
    assert [document["SweepAge"] for document in delivered(function, level) if "SweepAge" in document] == [[61.0]]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name not in {"ask", "operate"}])
def test_errors_reach_cloudwatch_as_errors(function: str, level: str) -> None:
    errors = [document for document in delivered(function, level) if document.get("level") == "ERROR"]

    assert errors
    assert all(_is_timed(document) for document in errors)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_level_above_info_silences_the_lines_of_success(function: str) -> None:
    for level in ("WARN", "ERROR"):
        assert not [line for line in written()[function, level] if '"level":"INFO"' in line]
