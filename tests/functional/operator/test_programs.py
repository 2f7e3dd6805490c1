"""The programs for a terminal: what they ask, what they print, and that nobody is asked without a terminal."""

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tools import unsuppress, why
from tools.invoking import NotAnswered, answer_of

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


@pytest.mark.parametrize("types", ["yes", "j***@corp.example", " yes "])
def test_shows_what_is_there_asks_and_then_has_it_removed(types: str, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk([document("needs consent", "confirm"), document("removed")], types=types)

    code = desk.give()

    assert code == 0
    assert [order["confirm"] for order in desk.orders] == [False, True]
    assert len(desk.asked) == 1
    assert capsys.readouterr().out.splitlines() == [
        "j***@corp.example, SES in eu-west-1: it is needs consent.",
        "j***@corp.example, SES in eu-west-1: it is removed.",
    ]


def test_who_types_anything_else_has_nothing_removed() -> None:
    desk = Desk([document("needs consent", "confirm")], types="y")

    code = desk.give()

    assert code == 3
    assert len(desk.orders) == 1


def test_who_confirmed_on_the_command_line_is_not_asked() -> None:
    desk = Desk([document("needs consent", "confirm"), document("removed")])

    code = desk.give(confirmed=True)

    assert code == 0
    assert not desk.asked


def test_a_complaint_takes_a_second_word_that_the_terminal_does_not_ask_for() -> None:
    desk = Desk([document("needs consent", "confirm", "although_complaint")])

    code = desk.give(confirmed=True)

    assert code == 1
    assert len(desk.orders) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [("not on the list", 0), ("removed", 0), ("too soon", 1), ("not known", 1), ("under way", 1), ("not certain", 1)],
)
def test_what_needs_no_word_of_the_person_ends_there(answer: str, code: int) -> None:
    desk = Desk([document(answer)])

    assert desk.give() == code
    assert len(desk.orders) == 1


class Stack:
    """CloudFormation and Lambda as boto3 shows them."""

    def __init__(self, answer: object, **members: object) -> None:
        self.answer, self.members, self.sent = answer, members, ""

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
    with pytest.raises(NotAnswered, match="stack mailwarden has no output OperateFunction: deploy this version"):
        answer_of(lambda _: Stack(None), "mailwarden", "OperateFunction", {})


def test_a_function_that_failed_is_told_without_its_words() -> None:
    stack = Stack({"errorType": "TypeError", "errorMessage": JANE}, FunctionError="Unhandled")

    with pytest.raises(NotAnswered, match=r"mailwarden-ask failed \(TypeError\); its log says why") as caught:
        answer_of(lambda _: stack, "mailwarden", "AskFunction", {})

    assert JANE not in str(caught.value)


@pytest.mark.parametrize("as_json", [False, True])
def test_why_prints_the_answer_as_text_or_as_the_document(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    answer = {"answer": "not understood", "problem": "the question.why is missing"}

    code = why.ask({"why": "x"}, lambda _: answer, as_json=as_json)

    printed = capsys.readouterr().out
    assert code == 1
    if as_json:
        assert json.loads(printed) == answer
    else:
        assert printed == "The question was not understood: the question.why is missing.\n"


def test_without_a_terminal_nothing_is_removed_unasked() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.unsuppress", "--ses-region", "eu-west-1", "--reason", "r", JANE],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "There is no terminal to ask on" in done.stderr
