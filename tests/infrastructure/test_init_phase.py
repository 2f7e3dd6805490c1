"""What a function does before its first event, and what it loads for it: each in a process of its own, as in Lambda."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from mailwarden.domain.findings.channels import CHANNELS
from tests.infrastructure.templates import ROOT

FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "PARTITION": "aws",
    "ACCOUNT_ID": "111122223333",
    "WATCHED_REGIONS": "eu-central-1,eu-west-1",
    "LEDGER_TABLE": "ledger",
    "JOURNAL_TABLE": "journal",
    "HINTS_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/111122223333/hints",
    "REPAIRS_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/111122223333/repairs.fifo",
    "DELIVERY_FAILURES_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/111122223333/delivery-failures",
    "FEEDBACK_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/111122223333/feedback",
    "CHAT_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/111122223333/chat.fifo",
    "TOPIC_ARN": "arn:aws:sns:eu-central-1:111122223333:alerts",
    "SLACK_SECRET_ARN": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:webhook",
    "SETTINGS_PARAMETER": "/mailwarden/settings",
    "POWERTOOLS_METRICS_NAMESPACE": "Mailwarden",
    "POWERTOOLS_SERVICE_NAME": "mailwarden",
}
OPTIONAL = (
    "mailwarden.adapters.aws.events",
    "mailwarden.adapters.aws.securityhub",
    "mailwarden.adapters.aws.sns.notification_topic",
    "mailwarden.presentation.asff",
)
BUS = "arn:aws:events:eu-west-3:111122223333:event-bus/incidents"
# Says what was done while the module was imported, and which clients the first event would have to wait for.
PROGRAM = """
import gc, json, socket, sys
usual, passes = gc.get_threshold(), []
gc.callbacks.append(lambda phase, _: passes.append("mailwarden.bootstrap" in sys.modules) if phase == "start" else None)
sys.path[:0] = [sys.argv[1], "layers/core"]
from botocore.session import Session

made, connected = [], []
create_client = Session.create_client
def noted(self, service, region_name=None, *args, **kwargs):
    made.append([service, region_name])
    return create_client(self, service, region_name, *args, **kwargs)
Session.create_client = noted
def connect(self, address):
    connected.append(str(address))
    raise OSError("no network here")
socket.socket.connect = connect

import app
loaded, early, asked = sorted(sys.modules), list(made), list(connected)
garbage = {"frozen": gc.get_freeze_count(), "thresholds": gc.get_threshold(), "passes": passes}
made.clear()
try:
    for name, part in vars(app).items():
        if name.startswith("build_"):
            part()
    said = ""
except Exception as error:
    said = f"{type(error).__name__}: {error}"
garbage["usual"] = usual
print(json.dumps({"garbage": garbage, "loaded": loaded, "early": early, "asked": asked, "late": made, "said": said}))
"""


@cache
def started(function: str, **changed: str) -> Any:  # noqa: ANN401 - a document
    """What happened in a new process of the function, before an event and with the first one."""
    environment = {name: value for name, value in {**ENVIRONMENT, **changed}.items() if value}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"functions/{function}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_a_usual_event_needs_is_made_before_it_comes_and_aws_is_asked_for_nothing(function: str) -> None:
    start = started(function, SETTINGS_PARAMETER="")

    assert start["early"]
    assert start["asked"] == []
    assert start["late"] == []
    assert start["said"] == ""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_garbage_is_not_collected_while_a_function_starts_and_as_usual_afterwards(function: str) -> None:
    garbage = started(function, SETTINGS_PARAMETER="")["garbage"]

    assert garbage["passes"].count(True) == 0
    assert garbage["thresholds"] == garbage["usual"]
    assert garbage["frozen"] > 10_000


@pytest.mark.parametrize("function", ["ask", "inspect", "repair"])
def test_who_looks_at_pools_has_the_clients_of_every_watched_region(function: str) -> None:
    early = started(function)["early"]

    for region in ("eu-central-1", "eu-west-1"):
        assert ["cognito-idp", region] in early
        assert ["sesv2", region] in early
    assert ["iam", "eu-central-1"] in early


def test_the_settings_are_not_read_before_an_event_needs_them() -> None:
    start = started("inspect")

    assert start["asked"] == []
    assert ["ssm", None] in start["early"]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"PARTITION": ""}, "MalformedSettings: environment.not-set name=PARTITION"),
        (
            {"REPAIR_MODE": "yes"},
            (
                "MalformedSettings: document.wrong expected=(expected.one-of choices=[off, safe, unsafe]) "
                "member=REPAIR_MODE value='yes'"
            ),
        ),
    ],
)
def test_a_wrong_configuration_is_told_with_the_first_event(function: str, changed: dict[str, str], said: str) -> None:
    assert started(function, **changed)["said"] == said


def test_origins_that_are_none_are_told_with_the_first_event() -> None:
    assert started("slack", WEBHOOK_ORIGINS="hooks.slack.com")["said"].startswith("NoOrigin: document.wrong ")


@pytest.mark.parametrize("function", ["inspect", "repair", "sweep"])
def test_a_region_that_is_none_keeps_no_function_from_starting(function: str) -> None:
    assert started(function, SETTINGS_PARAMETER="", WATCHED_REGIONS="eu central 1")["said"] == ""


def test_a_channel_that_the_stack_does_not_have_costs_no_start_anything() -> None:
    without = started("announce")
    with_all = started(
        "announce",
        # CloudFormation leaves the delimiters between channels that the stack does not have.
        ALERT_CHANNELS=",,".join(CHANNELS),
        EVENT_BUS_ARN=BUS,
        NOTIFICATIONS_TOPIC_ARN="arn:aws:sns:eu-central-1:111122223333:notifications",
    )

    assert [client for client in without["early"] if client[0] in {"events", "securityhub"}] == []
    assert [name for name in without["loaded"] if name.startswith(OPTIONAL)] == []
    assert [name for name in OPTIONAL if name in with_all["loaded"]] == list(OPTIONAL)
    assert ["events", "eu-west-3"] in with_all["early"]
    assert ["securityhub", None] in with_all["early"]
    assert (with_all["late"], with_all["asked"], with_all["said"]) == ([], [], "")


@pytest.mark.parametrize("function", ["announce", "slack", "tally"])
def test_who_judges_nothing_loads_neither_rules_nor_policies(function: str) -> None:
    loaded = started(function)["loaded"]

    judging = [name for name in loaded if name.startswith(("mailwarden.rules", "mailwarden.policy"))]

    assert judging == []


def test_chat_knows_no_table_and_no_region_table() -> None:
    loaded = started("slack")["loaded"]

    assert not [name for name in loaded if name.startswith(("boto3.dynamodb", "mailwarden.adapters.ledger"))]
