"""`make doctor` asks what only the functions know: settings in effect, the stop, the sweeps, the SDK."""

from datetime import timedelta

import pytest

from mailwarden.domain.operator.deployment import SettingsInEffect
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.inbound.invoke.deployment_question import DeploymentQuestions
from mailwarden.message import verbatim
from mailwarden.service.operator.deployment_state import DeploymentStates
from tests.builders import NOON
from tests.fakes.deployment import TickingClock
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.logs import KeptLog
from tests.unit.inbound.example_events import example

IDENTITY = "arn:aws:ses:eu-west-1:111122223333:identity/shop.example"


def questions(ledger: InMemoryLedger, problem: str | None = None) -> DeploymentQuestions:
    settings = SettingsInEffect(
        parameter="/mw",
        version=7,
        problem=None if problem is None else verbatim(problem),
        repair_mode=RepairMode.SAFE,
        consents={IDENTITY: ("account",)},
    )
    return DeploymentQuestions(
        states=DeploymentStates(
            known_pools=ledger.known_pools,
            stop_switch=ledger.stop_switch,
            settings=lambda: settings,
            watched_regions=("eu-west-1", "us-east-1"),
            sdk="1.43.106",
            clock=TickingClock(),
        )
    )


def test_the_state_is_what_the_ledger_and_the_settings_hold() -> None:
    ledger = InMemoryLedger()
    ledger.known_pools.mark_swept("eu-west-1", at=NOON - timedelta(minutes=9))
    ledger.stop_switch.stop(by="alice", now=NOON)

    answer = questions(ledger).answer(example("invoke.ask.deployment"), log=KeptLog())

    assert answer == {
        "mailwarden": "deployment",
        "version": 1,
        "answer": "known",
        "at": "2026-03-02T12:00:00+00:00",
        "settings": {
            "parameter": "/mw",
            "version": 7,
            "problem": None,
            "repair_mode": "safe",
            "consent": {IDENTITY: ["account"]},
            "slack_channels": [],
        },
        "stop": {"by": "alice", "since": "2026-03-02T12:00:00+00:00"},
        "swept_at": {"eu-west-1": "2026-03-02T11:51:00+00:00", "us-east-1": None},
        "sdk": "1.43.106",
    }


def test_a_document_that_is_not_in_effect_is_told_with_its_error() -> None:
    answer = questions(InMemoryLedger(), "jane.doe@corp.example\nis no rule").answer({"deployment": {}}, log=KeptLog())

    assert answer["settings"]["problem"] == "j***@corp.example is no rule"  # type: ignore[index] # a JSON object
    assert answer["stop"] is None


@pytest.mark.parametrize("question", [{"deployment": None}, {"deployment": "?"}, {"deployment": {"of": "all"}}])
def test_what_is_no_question_is_answered_as_such(question: object) -> None:
    assert questions(InMemoryLedger()).answer(question, log=KeptLog())["answer"] == "not understood"
