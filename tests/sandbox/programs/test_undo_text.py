"""What `make undo` and `make journal` print: before and after the undo, what is not shown, and what is not certain."""

import json
from typing import Any

import pytest

from mailwarden.inbound.invoke.undo_order import UNDO, UndoOrders
from tests.fakes.deployment import Deployment
from tests.fakes.logs import KeptLog
from tests.fakes.orders import only
from tests.fakes.undoing import undoing
from tests.sandbox.programs.whole_words import assert_whole_words
from tests.unit.decisions.repairs import seoul
from tests.unit.operator.repaired import granted, moved
from tools.orders.undo import undo_text
from tools.screen.journal_text import journal_text

MANY = tuple(f"P{number}" for number in range(12))


def document_of(mailwarden: Deployment, entry_id: str, *, confirm: bool = False) -> dict[str, Any]:
    order = {"undo": {"entry": entry_id, "by": "alice", "confirm": confirm}}
    answer = only(UNDO, UndoOrders(undoing=undoing(mailwarden))).carry_out(order, request_id="r-1", log=KeptLog())
    read: dict[str, Any] = json.loads(json.dumps(answer))
    return read


def printed(document: dict[str, Any], *, width: int = 100) -> str:
    return "\n".join(line.plain for line in undo_text(document, width=width))


@pytest.mark.parametrize("confirm", [False, True])
def test_the_judgment_is_shown_before_and_after_the_undo(*, confirm: bool) -> None:
    text = " ".join(printed(document_of(*granted("A"), confirm=confirm)).split())

    assert f"({seoul('A').ref.pool_id}) in ap-northeast-2 can send mail: before the undo yes, after it no" in text


def test_the_pools_that_are_not_shown_are_counted() -> None:
    text = printed(document_of(*granted(*MANY)))

    assert text.count("can send mail: ") == 10
    assert "Pools that are not shown: 2." in text
    assert "not shown" not in printed(document_of(*granted("A", "B")))


def test_an_entry_that_is_undone_or_refused_offers_no_undo() -> None:
    texts = [printed(document_of(*granted("A"), confirm=True)), printed(document_of(*moved()))]

    assert [text.count("make undo") for text in texts] == [0, 0]
    assert texts[1].count("the rules judge the former configuration worse") == 1


def test_a_dry_run_names_the_command_once() -> None:
    mailwarden, entry_id = granted("A")

    assert printed(document_of(mailwarden, entry_id)).count("make undo") == 1


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("confirm", [False, True])
def test_no_word_is_broken(*, confirm: bool, width: int) -> None:
    for mailwarden, entry_id in (granted("A"), granted(*MANY), moved()):
        document = document_of(mailwarden, entry_id, confirm=confirm)

        assert_whole_words(printed(document, width=width), [document["resource"]], width=width)


def test_a_list_that_was_cut_does_not_claim_more_than_is_known() -> None:
    document = {"answer": "entries", "since": "2026-03-01T00:00:00+00:00", "is_complete": False}
    (entry,) = [document_of(*granted("A"))["entry"]]

    for entries in ([entry], []):
        text = "\n".join(line.plain for line in journal_text({**document, "entries": entries}))

        assert text.splitlines()[-1] == "There may be older entries: ask with a pool or an identity."
        assert "no such entry" not in text
