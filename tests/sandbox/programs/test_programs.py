"""The programs for a terminal: what they ask, what they print, and that nothing is asked without a terminal."""

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.programs.whole_words import assert_whole_words
from tools import why
from tools.orders import unsuppress
from tools.stack.home_stack import StackNotFound
from tools.stack.invocation import NotAnswered, answer_of

ROOT = Path(__file__).parents[3]
JANE = "jane.doe@corp.example"
ORDER = {"region": "eu-west-1", "address": JANE, "reason": "r", "by": "alice", "although_complaint": False}


def document(answer: str, *lacks: str) -> dict[str, Any]:
    return {
        "answer": answer,
        "text": f"it is {answer}",
        "lacks": list(lacks),
        "address": "j***@corp.example",
        "ses_region": "eu-west-1",
        "entry": {"reason": "BOUNCE", "since": "2026-02-27T12:00:00+00:00"},
        "entry_id": "20260302T120000-abcdef12",
    }


@dataclass(slots=True)
class Desk:
    """Answers orders with what was prepared; remembers them and what the person was asked."""

    answers: list[dict[str, Any]]
    orders: list[Mapping[str, object]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    types: str = "yes"

    def ask(self, order: Mapping[str, object]) -> dict[str, Any]:
        self.orders.append(order)
        return self.answers.pop(0)

    def prompt(self, words: str) -> str:
        self.asked.append(words)
        return self.types

    def give(self, *, confirmed: bool = False) -> int:
        return unsuppress.unsuppress(ORDER, self.ask, confirmed=confirmed, prompt=self.prompt)


@pytest.mark.parametrize("types", ["yes", "y", " Yes "])
def test_shows_what_is_there_asks_and_then_has_it_removed(types: str, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk([document("needs consent", "confirm"), document("removed")], types=types)

    code = desk.give()

    assert code == 0
    assert [order["confirm"] for order in desk.orders] == [False, True]
    assert len(desk.asked) == 1
    assert " ".join(capsys.readouterr().out.split()) == (
        "j***@corp.example (SES in eu-west-1) has been on the suppression list since 2026-02-27 12:00 UTC: "
        "a mail to it bounced permanently. "
        "j***@corp.example (SES in eu-west-1) was removed from the suppression list; a second read confirms it. "
        "It had been there since 2026-02-27 12:00 UTC: a mail to it bounced permanently. "
        "Journal entry: 20260302T120000-abcdef12."
    )


def test_who_types_anything_else_has_nothing_removed() -> None:
    desk = Desk([document("needs consent", "confirm")], types="n")

    code = desk.give()

    assert code == 3
    assert len(desk.orders) == 1


def test_who_confirmed_on_the_command_line_is_not_asked() -> None:
    desk = Desk([document("needs consent", "confirm"), document("removed")])

    code = desk.give(confirmed=True)

    assert code == 0
    assert not desk.asked


def test_a_complaint_needs_a_second_confirmation_that_the_terminal_does_not_ask_for() -> None:
    desk = Desk([document("needs consent", "confirm", "although_complaint")])

    code = desk.give(confirmed=True)

    assert code == 1
    assert len(desk.orders) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [("not on the list", 0), ("removed", 0), ("too soon", 1), ("not known", 1), ("under way", 1), ("not certain", 1)],
)
def test_an_answer_that_needs_no_confirmation_ends_there(answer: str, code: int) -> None:
    desk = Desk([document(answer)])

    assert desk.give() == code
    assert len(desk.orders) == 1


class Stack:
    """CloudFormation and Lambda as boto3 shows them."""

    def __init__(self, answer: object, **members: object) -> None:
        self.answer, self.members, self.sent = answer, members, ""
        self.meta = SimpleNamespace(region_name="eu-west-1")

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        assert StackName == "mailwarden"
        return {"Stacks": [{"Outputs": [{"OutputKey": "AskFunction", "OutputValue": "mailwarden-ask"}]}]}

    def invoke(self, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert FunctionName == "mailwarden-ask"
        self.sent = Payload
        return {"Payload": io.BytesIO(json.dumps(self.answer).encode()), **self.members}


def test_finds_the_function_by_the_stacks_outputs() -> None:
    stack = Stack({"answer": "explained"})

    answer = answer_of(lambda _: stack, "mailwarden", "AskFunction", {"why": "x"})

    assert answer == {"answer": "explained"}
    assert json.loads(stack.sent) == {"why": "x"}


def test_a_stack_of_an_older_version_is_told_as_one() -> None:
    with pytest.raises(NotAnswered, match="mailwarden in eu-west-1 has no output OperateFunction: deploy this"):
        answer_of(lambda _: Stack(None), "mailwarden", "OperateFunction", {})


def test_a_failed_function_is_reported_without_its_message() -> None:
    stack = Stack({"errorType": "TypeError", "errorMessage": JANE}, FunctionError="Unhandled")

    with pytest.raises(NotAnswered, match=r"mailwarden-ask failed \(TypeError\); its log says why") as caught:
        answer_of(lambda _: stack, "mailwarden", "AskFunction", {})

    assert JANE not in str(caught.value)


@pytest.mark.parametrize("as_json", [False, True])
def test_why_prints_the_answer_as_text_or_as_the_document(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    answer = {"answer": "not understood", "code": "document.missing", "problem": "question.why is missing"}

    code = why.explain({"why": "x"}, lambda _: answer, as_json=as_json)

    printed = capsys.readouterr().out
    assert code == 1
    if as_json:
        assert json.loads(printed) == answer
    else:
        assert printed == "Mailwarden did not understand the question: question.why is missing.\n"


def test_without_a_terminal_nothing_is_removed_unasked() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.orders.unsuppress", "--ses-region", "eu-west-1", "--reason", "r", JANE],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "There is no terminal to ask on" in done.stderr


@pytest.mark.parametrize(
    ("can_send", "fate", "status"),
    [
        ("yes", None, 0),
        ("yes", "sent", 0),
        ("yes", "not sent", 11),
        ("yes", "unknown", 12),
        ("at risk", None, 10),
        ("at risk", "not sent", 11),
        ("no", "unknown", 11),
        ("unknown", None, 12),
    ],
)
def test_the_exit_status_says_whether_mail_is_sent_if_that_is_asked(
    can_send: str, fate: str | None, status: int
) -> None:
    address = None if fate is None else {"sides": [{"fate": fate}]}
    answer = {"answer": "explained", "verdict": {"can_send": can_send}, "address": address}

    by_verdict = why.explain({}, lambda _: answer, as_json=True, by_verdict=True)
    as_ever = why.explain({}, lambda _: answer, as_json=True)

    assert (by_verdict, as_ever) == (status, 0)


def test_a_stack_that_is_not_there_is_named_with_the_region_it_was_looked_for_in() -> None:
    class Empty(Stack):
        def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")

    with pytest.raises(StackNotFound, match=r"no stack mailwarden in eu-west-1\. Name its region with AWS_REGION"):
        answer_of(lambda _: Empty(None), "mailwarden", "AskFunction", {})


def test_a_reader_that_leaves_is_no_error() -> None:
    program = "from tools.screen.terminal import run\nrun(lambda: print('x' * 10**6, flush=True) or print('y') or 0)"
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=-1, stderr=-1, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        complaint = process.stderr.read()

    assert (process.returncode, complaint) == (141, "")


def test_a_region_without_ses_is_refused() -> None:
    command = ["-m", "tools.orders.unsuppress", "--ses-region", "us-esat-1", "--reason", "r", "--confirm", JANE]
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "us-esat-1 is not a region in which SES is offered" in done.stderr


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("answer", ["needs consent", "removed", "not on the list", "too soon", "not understood"])
def test_no_word_of_an_answer_about_an_address_is_broken(
    answer: str, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = document(answer, "confirm", "although_complaint")
    shown["text"] = f"the address {JANE} was removed at 2026-02-27 12:00 UTC (journal entry 20260227T120000-0123abcd)"

    Desk([shown]).give()

    text = capsys.readouterr().out
    assert_whole_words(text, [], width=width)
    if answer == "too soon":
        assert_whole_words(text, [shown["text"].removesuffix(" (journal entry 20260227T120000-0123abcd)")], width=width)
