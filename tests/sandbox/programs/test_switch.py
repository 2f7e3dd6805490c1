"""The programs that stop, start and release repairs: what they say where only a part of it was done."""

import pytest

from tests.sandbox.programs.desk import Deployed, refused
from tools import release, repairs_switch

OPERATE, ASK, SWEEP = "mailwarden-operate", "mailwarden-ask", "mailwarden-sweep"
DONE = {"answer": "done", "text": "repairs may run again"}
OLDER = {"answer": "not understood", "text": "the order is to have exactly one member, 'unsuppress'"}
RELEASED = {"answer": "released", "text": "one paused repair of pool eu-west-1_A was released", "released": 1}


@pytest.mark.parametrize(("action", "state"), [("stop", "Disabled"), ("start", "Enabled")])
def test_a_stop_and_a_start_are_noted_and_switched(action: str, state: str, capsys: pytest.CaptureFixture[str]) -> None:
    stack = Deployed(answers={OPERATE: DONE}, state="Enabled" if action == "stop" else "Disabled")

    status = repairs_switch.order(stack.connect, "mailwarden", action, by="alice")

    assert status == 0
    assert stack.state == state
    assert stack.sent[0] == (OPERATE, {action: {"by": "alice"}})
    assert capsys.readouterr().out.splitlines()[0] == f"repairs: {state}"


@pytest.mark.parametrize("answer", [OLDER, refused("Invoke"), None], ids=["not understood", "refused", "failed"])
def test_a_stop_that_the_ledger_does_not_know_is_told_and_the_event_source_is_stopped_all_the_same(
    answer: object, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = Deployed(answers={OPERATE: answer})

    status = repairs_switch.order(stack.connect, "mailwarden", "stop", by="alice")

    said = capsys.readouterr()
    assert status == 1
    assert stack.state == "Disabled"
    assert said.err.startswith("The ledger does not know of it: ")
    if answer is OLDER:
        assert OLDER["text"] in said.err


@pytest.mark.parametrize("answer", [OLDER, refused("Invoke"), None], ids=["not understood", "refused", "failed"])
def test_a_start_that_the_ledger_does_not_know_lets_no_order_be_taken_and_dropped(
    answer: object, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = Deployed(answers={OPERATE: answer}, state="Disabled")

    status = repairs_switch.order(stack.connect, "mailwarden", "start", by="alice")

    assert status == 1
    assert stack.state == "Disabled"
    assert "The ledger does not know of it: " in capsys.readouterr().err
    assert SWEEP not in [name for name, _ in stack.sent]


def test_a_start_after_which_no_region_can_be_looked_at_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    stack = Deployed(answers={OPERATE: DONE, SWEEP: refused("Invoke")}, state="Disabled")

    status = repairs_switch.order(stack.connect, "mailwarden", "start", by="alice")

    said = capsys.readouterr()
    assert status == 3
    assert said.out == "repairs: Enabled\n"
    assert said.err.startswith("The watched regions could not be looked at again: ")
    assert "AccessDenied" in said.err


def test_the_status_is_that_of_the_event_source_and_of_the_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    stopped = {"answer": "stopped", "text": "alice stopped repairs at 2026-03-02T12:00+00:00; make start resumes them"}
    stack = Deployed(answers={ASK: stopped})

    status = repairs_switch.status(stack.connect, "mailwarden")

    assert status == 0
    assert stack.sent == [(ASK, {"stopped": {}})]
    assert capsys.readouterr().out.splitlines() == ["repairs: Enabled", stopped["text"]]


@pytest.mark.parametrize("answer", [OLDER, refused("Invoke"), None], ids=["not understood", "refused", "failed"])
def test_a_stop_of_which_nothing_is_known_is_told_after_the_state_of_the_event_source(
    answer: object, capsys: pytest.CaptureFixture[str]
) -> None:
    status = repairs_switch.status(Deployed(answers={ASK: answer}).connect, "mailwarden")

    said = capsys.readouterr()
    assert status == 1
    assert said.out == "repairs: Enabled\n"
    assert said.err.startswith("Whether an operator stopped repairs is unknown: ")


@pytest.mark.parametrize(
    ("sweep", "status", "told"),
    [(None, 0, "every watched region is looked at again"), (refused("Invoke"), 3, "could not be looked at again")],
    ids=["looked at", "refused"],
)
def test_a_release_after_which_no_region_can_be_looked_at_is_told_apart(
    sweep: object, status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = Deployed(answers={OPERATE: RELEASED, SWEEP: sweep})

    assert release.release(stack.connect, "mailwarden", {"release": {"budget": True, "by": "alice"}}) == status

    said = capsys.readouterr()
    assert said.out.splitlines()[0] == RELEASED["text"]
    assert told in said.out + said.err


def test_a_release_that_is_not_understood_is_told_on_the_error_stream(capsys: pytest.CaptureFixture[str]) -> None:
    stack = Deployed(answers={OPERATE: OLDER})

    assert release.release(stack.connect, "mailwarden", {"release": {"pool": "x", "by": "alice"}}) == 2
    assert OLDER["text"] in capsys.readouterr().err
    assert SWEEP not in [name for name, _ in stack.sent]


def test_a_release_beside_a_repair_that_is_under_way_looks_at_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    said = "a repair of pool eu-west-1_A is under way"
    stack = Deployed(answers={OPERATE: {"answer": "busy", "text": said, "released": 0}})

    assert release.release(stack.connect, "mailwarden", {"release": {"pool": "x", "by": "alice"}}) == 2

    assert said in capsys.readouterr().err
    assert SWEEP not in [name for name, _ in stack.sent]
