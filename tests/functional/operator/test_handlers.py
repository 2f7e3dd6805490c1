"""The handlers as Lambda runs them: whole, in a process of their own, and with every log line looked at."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
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
RUNNING: list[subprocess.Popen[str]] = []


@pytest.fixture(scope="module", autouse=True)
def _process() -> Iterator[None]:
    """The process of which that of each invocation is a fork."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", str(Path(__file__).with_name("forking.py"))],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **ENVIRONMENT},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        RUNNING.append(process)
        yield
        RUNNING.remove(process)


def invoked(function: str, event: object) -> tuple[dict[str, Any], str]:
    """The answer of a function, and everything it wrote."""
    (process,) = RUNNING
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"function": function, "event": event}) + "\n")
    process.stdin.flush()
    done = json.loads(process.stdout.readline())
    assert done["status"] == 0, done["err"]
    *lines, answer = done["out"].splitlines()
    document: dict[str, Any] = json.loads(answer)
    return document, "\n".join(lines) + done["err"]


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
