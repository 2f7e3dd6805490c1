"""The handlers as Lambda runs them: whole, in a process of their own, and with every log line looked at."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
JANE = "jane.doe@corp.example"
ACCOUNT = "123456789012"
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "PARTITION": "aws",
    "ACCOUNT_ID": ACCOUNT,
    "WATCHED_REGIONS": "eu-central-1,eu-west-1",
    "LEDGER_TABLE": "ledger",
    "JOURNAL_TABLE": "journal",
    "POWERTOOLS_SERVICE_NAME": "mailwarden",
    # An operator may turn this on for all functions of an account.
    "POWERTOOLS_LOGGER_LOG_EVENT": "true",
}
# Runs one invocation in the emulator, where nothing exists but the clients are real; the answer is the last line.
INVOCATION = """
import json, sys
from types import SimpleNamespace
from moto import mock_aws
sys.path[:0] = [sys.argv[1], "layers/core"]
context = SimpleNamespace(
    function_name="f", memory_limit_in_mb=256, invoked_function_arn="arn", aws_request_id="request-1"
)
with mock_aws():
    import app
    print(json.dumps(app.handler(json.loads(sys.argv[2]), context)))
"""


def invoked(function: str, event: object) -> tuple[dict[str, Any], str]:
    """The answer of a function, and everything it wrote."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", INVOCATION, f"functions/{function}", json.dumps(event)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *lines, answer = done.stdout.splitlines()
    document: dict[str, Any] = json.loads(answer)
    return document, "\n".join(lines) + done.stderr


def test_ask_looks_for_a_pool_wherever_it_may_be_and_logs_no_address() -> None:
    answer, log = invoked("ask", {"why": "eu-west-1_Nowhere01", "address": JANE})

    assert answer["answer"] == "not found"
    assert answer["not_in"] == ["eu-west-1", "eu-central-1"]
    (line,) = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert (line["message"], line["pool"]) == ("asked", "eu-west-1_Nowhere01")
    assert "jane" not in log.lower()


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("exemptions", {"pool": "eu-west-1_Nowhere01"}),
        ("shadow", {"days": 0}),
        ("shadow", {"days": 367}),
        ("shadow", {"since": "2026-01-01"}),
        ("pools", {"can_send": "maybe"}),
        ("incidents", {"first": -1}),
        ("incidents", {"most": 51}),
        ("incidents", {"ended": True}),
        ("history", {}),
        ("history", {"pool": "not a pool"}),
        ("history", {"pool": "eu-west-1_Nowhere01", "since": "long ago"}),
        ("history", {"pool": "eu-west-1_Nowhere01", "most": 0}),
    ],
)
def test_ask_refuses_a_question_with_members_that_it_does_not_know(kind: str, question: dict[str, object]) -> None:
    answer, _ = invoked("ask", {kind: question})

    assert (answer["mailwarden"], answer["answer"]) == (kind, "not understood")


def test_ask_refuses_a_question_about_pools_that_it_does_not_know() -> None:
    answer, _ = invoked("ask", {"pools": {"pool": "shop"}})

    assert (answer["mailwarden"], answer["answer"]) == ("pools", "not understood")


@pytest.mark.parametrize(
    ("function", "event"),
    [
        ("ask", {"why": JANE, "address": JANE}),
        ("operate", {"unsuppress": {"address": JANE}}),
        ("operate", {"unsuppress": JANE}),
        ("operate", {"set_sender": {"pool": "eu-west-1_Nowhere01", "by": JANE, "from": f"{JANE}, {JANE}"}}),
    ],
)
def test_a_malformed_input_is_answered_and_no_address_is_logged(function: str, event: object) -> None:
    answer, log = invoked(function, event)

    assert answer["answer"] == "not understood"
    assert "not understood" in log
    assert "jane" not in (log + json.dumps(answer)).lower()


def test_operate_looks_for_the_pool_of_a_sender_wherever_it_may_be() -> None:
    order = {"pool": "eu-west-1_Nowhere01", "identity": "shop.example", "by": JANE, "apply": True}

    answer, log = invoked("operate", {"set_sender": order})

    assert (answer["answer"], answer["code"]) == ("refused", "set-sender.no-pool")
    assert "eu-west-1 or eu-central-1" in answer["text"]
    assert "jane" not in (log + json.dumps(answer)).lower()
