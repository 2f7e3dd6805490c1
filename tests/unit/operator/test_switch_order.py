"""A person stops repairs and starts them: the fact that `repair` obeys."""

from collections.abc import Mapping
from typing import Any

import pytest

from mailwarden.domain.repair.limits import RepairMode
from mailwarden.inbound.invoke.stop_question import StopQuestions
from tests.builders import NOON, custom_from, identity, identity_ref, pool
from tests.fakes.answers import missing_grant, told
from tests.fakes.deployment import Deployment, TickingClock, hint
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.logs import KeptLog
from tests.fakes.orders import switch_orders
from tests.texts import english
from tests.unit.inbound.example_events import example

SENDER = identity_ref(region="us-west-2")


def test_a_stop_holds_until_the_start() -> None:
    ledger, clock, log = InMemoryLedger(), TickingClock(), KeptLog()
    orders = switch_orders(ledger.stop_switch, clock)

    stopped = orders.carry_out({"stop": {"by": "alice"}}, request_id="r-1", log=log)
    known = ledger.stop_switch.current()
    started = orders.carry_out({"start": {"by": "bob"}}, request_id="r-1", log=log)

    assert (stopped["answer"], started["answer"]) == ("done", "done")
    assert known is not None
    assert known.by == "operator:alice"
    assert ledger.stop_switch.current() is None


@pytest.mark.parametrize(
    "order", [{}, {"stop": {}}, {"stop": "now"}, {"halt": {"by": "a"}}, {"stop": {"by": 1}}, {"stop": {"by": " "}}]
)
def test_what_is_no_order_stops_nothing(order: object) -> None:
    ledger = InMemoryLedger()

    orders = switch_orders(ledger.stop_switch, TickingClock())

    assert orders.carry_out(order, request_id="r-1", log=KeptLog())["answer"] == "not understood"
    assert ledger.stop_switch.current() is None


def test_who_asks_whether_repairs_are_stopped_is_told_by_whom_and_since_when() -> None:
    ledger = InMemoryLedger()
    questions = StopQuestions(switch=ledger.stop_switch)

    running = questions.answer(example("invoke.ask.stopped"), log=KeptLog())
    ledger.stop_switch.stop(by="alice", now=NOON)
    stopped = questions.answer({"stopped": {}}, log=KeptLog())

    assert (running["answer"], running["by"], running["since"]) == ("not stopped", None, None)
    assert running["text"] == "no operator stopped repairs"
    assert (stopped["answer"], stopped["by"], stopped["since"]) == ("stopped", "alice", "2026-03-02T12:00:00+00:00")
    assert stopped["text"] == "alice stopped repairs at 2026-03-02T12:00+00:00; `make start` resumes them"


@pytest.mark.parametrize("question", [{"stopped": None}, {"stopped": "?"}, {"stopped": {"by": "alice"}}])
def test_what_is_no_question_about_the_stop_is_answered_as_such(question: object) -> None:
    answer = StopQuestions(switch=InMemoryLedger().stop_switch).answer(question, log=KeptLog())

    assert answer["answer"] == "not understood"


def test_an_order_that_comes_although_repairs_are_stopped_writes_nothing_and_says_why() -> None:
    broken = pool("ap-northeast-2", email=custom_from(SENDER))
    mailwarden = Deployment()
    mailwarden.hold(broken, identity(region="us-west-2", tags={"mailwarden:cognito": "account"}))
    mailwarden.inspect(hint(broken))
    mailwarden.ledger.stop_switch.stop(by="alice", now=mailwarden.clock.now())

    mailwarden.repair()
    withheld = mailwarden.finding("MW401", broken.ref.arn).write.reason
    mailwarden.ledger.stop_switch.start()
    mailwarden.settle_down(hint(broken, event_id="e-2"))

    assert "alice stopped repairs" in english(withheld)
    assert len(mailwarden.written) == 1


def test_who_asks_why_while_repairs_are_stopped_is_told_so() -> None:
    mailwarden = missing_grant(RepairMode.SAFE)
    mailwarden.ledger.stop_switch.stop(by="alice", now=NOON)

    stopped = repairs_in(told(mailwarden))
    mailwarden.ledger.stop_switch.start()
    started = repairs_in(told(mailwarden))

    assert stopped == [
        ("report", "decision.stopped", "alice stopped repairs at 2026-03-02T12:00+00:00; `make start` resumes them")
    ]
    assert [(will, code) for will, code, _ in started] == [("repair", "diagnosis.last-check")]


def repairs_in(document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What becomes of each finding that Mailwarden can repair."""
    findings = [finding for link in document["links"] for finding in link["findings"] if finding["fix"] is not None]
    return [(said["will"], said["code"], said["because"]) for said in (finding["mailwarden"] for finding in findings)]
