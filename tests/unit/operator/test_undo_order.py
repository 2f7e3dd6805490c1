"""Orders to undo and questions about the journal are read strictly, and answered in any case."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.operator.journal_question import EntriesQuestion, EntryQuestion
from mailwarden.domain.operator.undo import UndoOrder
from mailwarden.inbound.invoke.journal_question import journal_question_from
from mailwarden.inbound.invoke.undo_order import UNDO, UndoOrders, undo_order_from
from tests.builders import ACCOUNT, NOON
from tests.fakes.deployment import Deployment, hint
from tests.fakes.logs import KeptLog
from tests.fakes.orders import members_of, only
from tests.fakes.undoing import undoing
from tests.unit.decisions.repairs import OREGON, seoul
from tests.unit.operator.repaired import granted, moved

EVENTS = Path(__file__).parents[3] / "events"
JANE = "jane.doe@corp.example"


def example(name: str) -> object:
    found: object = json.loads((EVENTS / name).read_text(encoding="utf-8"))
    return found


def understood(order: object) -> UndoOrder:
    return undo_order_from(members_of(order, "undo"))


def test_the_examples_are_understood() -> None:
    assert understood(example("invoke.operate.undo.json")) == UndoOrder(
        entry_id="20261129T081530-1a2b3c4d",
        by="operator:alice",
        reason="the shop sends through another identity now",
        confirm=True,
    )
    assert journal_question_from(example("invoke.ask.journal.json"), now=NOON) == EntriesQuestion(
        since=NOON - timedelta(days=7), most=50, pool="eu-west-1_Shop00001"
    )


@pytest.mark.parametrize(
    "order",
    [
        JANE,
        {"undo": JANE},
        {"undo": {"entry": "e-1"}},
        {"undo": {"entry": "e-1", "by": " "}},
        {"undo": {"entry": "e 1", "by": "alice"}},
        {"undo": {"entry": "e" * 65, "by": "alice"}},
        {"undo": {"entry": "e-1", "by": "alice", "confirm": "yes"}},
    ],
)
def test_what_is_no_order_is_refused(order: object) -> None:
    with pytest.raises(MalformedDocument):
        understood(order)


def test_addresses_in_an_order_are_masked() -> None:
    order = understood({"undo": {"entry": "e-1", "by": JANE, "reason": f"{JANE}\nasked"}})

    assert (order.by, order.reason, order.confirm) == ("operator:j***@corp.example", "j***@corp.example asked", False)


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ({"id": "e-1"}, EntryQuestion(entry_id="e-1")),
        ({}, EntriesQuestion(since=NOON - timedelta(days=30), most=50)),
        ({"since": "12h", "most": 3}, EntriesQuestion(since=NOON - timedelta(hours=12), most=3)),
        ({"since": "2026-03-01"}, EntriesQuestion(since=datetime.fromisoformat("2026-03-01T00:00:00Z"), most=50)),
        (
            {"since": "2026-03-01T08:00:00+01:00"},
            EntriesQuestion(since=datetime.fromisoformat("2026-03-01T07:00:00Z"), most=50),
        ),
        ({"since": "9999d"}, EntriesQuestion(since=NOON - timedelta(days=400), most=50)),
        (
            {"pool": seoul("A").ref.arn, "identity": OREGON.arn},
            EntriesQuestion(since=NOON - timedelta(days=30), most=50, pool=seoul("A").ref.arn, identity=OREGON.arn),
        ),
        ({"identity": OREGON.name}, EntriesQuestion(since=NOON - timedelta(days=30), most=50, identity=OREGON.name)),
    ],
)
def test_questions_are_understood(asked: object, question: object) -> None:
    assert journal_question_from({"journal": asked}, now=NOON) == question


@pytest.mark.parametrize(
    "asked",
    [
        JANE,
        {"id": "e 1"},
        {"since": "yesterday"},
        {"since": "2026-13-01"},
        {"since": "0d"},
        {"most": 0},
        {"most": 51},
        {"pool": JANE},
        {"identity": "arn:aws:iam::1:role/x"},
        {"pools": "eu-west-1_Shop00001"},
    ],
)
def test_what_is_no_question_is_refused(asked: object) -> None:
    with pytest.raises(MalformedDocument):
        journal_question_from({"journal": asked}, now=NOON)


def test_a_question_concerns_pools_that_an_entry_wrote_or_served_and_identities_that_it_wrote() -> None:
    (grant,) = granted("A", "B")[0].journal.intentions.values()
    (move,) = moved()[0].journal.intentions.values()
    asked = EntriesQuestion(since=NOON, most=50)

    def concerns(**names: str) -> list[bool]:
        question = replace(asked, **names)  # type: ignore[arg-type]
        return [question.concerns(grant), question.concerns(move)]

    assert concerns() == [True, True]
    assert concerns(pool=seoul("B").ref.pool_id) == concerns(pool=seoul("B").ref.arn) == [True, False]
    assert concerns(pool=move.resource) == [False, True]
    assert concerns(identity=OREGON.name) == concerns(identity=OREGON.arn) == [True, False]
    assert concerns(identity=OREGON.name, pool=seoul("Z").ref.pool_id) == [False, False]


def give(mailwarden: Deployment, **order: object) -> tuple[dict[str, Any], KeptLog]:
    log = KeptLog()
    orders = only(UNDO, UndoOrders(undoing=undoing(mailwarden)))
    answer = orders.carry_out({"undo": {"by": "alice", **order}}, request_id="r-1", log=log)
    return json.loads(json.dumps(answer)), log


def test_a_dry_run_shows_the_exact_difference_and_the_judgment() -> None:
    mailwarden, entry_id = granted("A")

    answer, _ = give(mailwarden, entry=entry_id)

    assert (answer["answer"], answer["code"], answer["undo_id"]) == ("dry run", None, None)
    (row,) = answer["diff"]
    assert row["place"] == ["mailwarden-cognito", "MailwardenGlobal"]
    assert seoul("A").ref.arn in row["before"]
    assert row["after"] is None
    (pool,) = answer["pools"]
    assert (pool["id"], pool["now"], pool["then"]) == (seoul("A").ref.pool_id, "yes", "no")
    assert "MW401" in {finding["rule"] for finding in pool["findings"]}
    assert (answer["entry"]["id"], answer["pools_count"]) == (entry_id, 1)


def test_of_a_shared_statement_only_the_pool_that_goes_is_shown() -> None:
    mailwarden, entry_id = granted("A")
    mailwarden.hold(seoul("B"))
    mailwarden.settle_down(hint(seoul("B")))

    answer, _ = give(mailwarden, entry=entry_id)

    (row,) = answer["diff"]
    assert row["place"][-3:] == ["Condition", "ArnLike", "aws:SourceArn"]
    assert (row["before"], row["after"]) == (seoul("A").ref.arn, None)


def test_a_refusal_has_a_code_and_a_sentence_and_is_logged() -> None:
    mailwarden, entry_id = moved()

    answer, log = give(mailwarden, entry=entry_id, confirm=True)

    assert (answer["answer"], answer["code"]) == ("refused", "undo.worse")
    assert answer["text"].startswith("nothing was undone: the rules judge the former configuration worse")
    assert {tuple(row["place"]) for row in answer["diff"]} == {("EmailConfiguration", "SourceArn")}
    assert "undo.worse" in str(log.lines)
    unknown, _ = give(mailwarden, entry="e-0")
    assert (unknown["answer"], unknown["code"], unknown["entry"]) == ("refused", "undo.unknown-entry", None)
    odd, log = give(mailwarden, entry=JANE)
    assert odd["answer"] == "not understood"
    assert JANE not in json.dumps(odd) + str(log.lines)


def test_an_undo_is_answered_with_its_entry_that_has_no_other_undo() -> None:
    mailwarden, entry_id = granted("A")

    answer, _ = give(mailwarden, entry=entry_id, confirm=True)

    assert answer["answer"] == "undone"
    assert answer["undo_id"] in mailwarden.journal.intentions
    assert ACCOUNT in answer["resource"]
    assert answer["entry"]["undone_by"] == answer["undo_id"]
    assert answer["entry"]["no_undo"] == f"the entry is undone already, by entry {answer['undo_id']}"


def test_the_entry_of_a_refusal_has_its_reason_and_that_of_a_dry_run_has_none() -> None:
    mailwarden, entry_id = moved()
    other, granting = granted("A")

    refused, _ = give(mailwarden, entry=entry_id)
    planned, _ = give(other, entry=granting)

    assert refused["text"] == f"nothing was undone: {refused['entry']['no_undo']}"
    assert (planned["answer"], planned["entry"]["no_undo"]) == ("dry run", None)
