"""An order is read strictly and answered in any case; what it says is kept without any address."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.operator.removal import Unsuppress
from mailwarden.inbound.invoke.orders import AnyOrder
from mailwarden.inbound.invoke.unsuppress_order import UNSUPPRESS, UnsuppressOrders, order_from
from mailwarden.service.operator.unsuppress import Unsuppression
from tests.builders import ACCOUNT, unread
from tests.fakes.deployment import TickingClock
from tests.fakes.journal import InMemoryJournal
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.reputation import InMemoryRemovals
from tests.fakes.logs import KeptLog
from tests.fakes.operator import HeldSuppressionLists, an_entry
from tests.fakes.orders import members_of, release_orders, switch_orders
from tests.texts import sentence

EVENTS = Path(__file__).parents[3] / "events"
JANE = "jane.doe@corp.example"


def event(**members: object) -> dict[str, dict[str, object]]:
    told = {"region": "eu-west-1", "address": JANE, "reason": "the mailbox is back", "by": "alice", "confirm": True}
    return {"unsuppress": told | members}


def understood(order: object) -> Unsuppress:
    return order_from(members_of(order, "unsuppress"), partition="aws", account=ACCOUNT)


class Desk:
    """Where orders arrive."""

    def __init__(self) -> None:
        self.lists = HeldSuppressionLists(held={("eu-west-1", JANE): an_entry()})
        self.journal, self.log, self.clock = InMemoryJournal(), KeptLog(), TickingClock()
        self.ledger = InMemoryLedger()
        unsuppress = UnsuppressOrders(
            operator=Unsuppression(
                lists=self.lists,
                removals=InMemoryRemovals(),
                journal=self.journal,
                new_entry_id=lambda _: f"entry-{len(self.journal.intentions)}",
                clock=self.clock,
                home_region="eu-central-1",
            ),
            partition="aws",
            account=ACCOUNT,
        )
        self.orders = AnyOrder(
            handlers={
                UNSUPPRESS: lambda: unsuppress,
                **release_orders(self.ledger, self.clock).handlers,
                **switch_orders(self.ledger.stop_switch, self.clock).handlers,
            }
        )

    def give(self, order: object) -> dict[str, Any]:
        answer: dict[str, Any] = self.orders.carry_out(order, request_id="request-1", log=self.log)
        return answer


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("order", "complaint"),
    [
        ("unsuppress", "order is 'unsuppress', not an object"),
        ({"unsuppress": JANE.split("@", maxsplit=1)[0]}, "order.unsuppress is"),
        (event(region=None), "order.unsuppress.region is missing: each region has its own suppression list"),
        (event(region="Ireland"), "region is 'Ireland', not a region like eu-west-1"),
        (event(address="jane"), "order.unsuppress.address is not one address with a local part and a domain"),
        (event(reason=""), "order.unsuppress.reason is empty: the journal records who orders what, and why"),
        (event(by=" \t"), "order.unsuppress.by is empty"),
        (event(by=None), "order.unsuppress.by is None, not a text"),
        (event(confirm="true"), "order.unsuppress.confirm is 'true', not true or false"),
        (event(although_complaint=1), "order.unsuppress.although_complaint is 1, not true or false"),
    ],
)
def test_what_is_no_order_is_told_what_is_wrong_with_it(order: object, complaint: str) -> None:
    with pytest.raises(MalformedDocument) as caught:
        understood(order)

    assert complaint in sentence(caught.value)


@pytest.mark.parametrize("typed", [f" {JANE}", "jane@bücher.example", "JANE@Пример.example "])
def test_the_address_is_masked_as_it_was_typed_and_as_ses_takes_it(typed: str) -> None:
    order = understood(event(address=typed, reason=f"{typed.strip()} asked for it"))

    assert order.address.isascii()
    assert order.address == order.address.strip()
    assert order.reason.endswith(" asked for it")
    assert typed.strip().partition("@")[0] not in order.reason


def test_what_the_caller_says_is_kept_without_any_address() -> None:
    order = understood(event(reason=f"{JANE.upper()} called\n and boss@corp.example agreed", by="alice@ops.example"))

    assert order.reason == "j***@corp.example called and b***@corp.example agreed"
    assert order.by == "operator:a***@ops.example"


def test_an_address_that_the_general_mask_would_cut_short_is_masked_as_a_whole() -> None:
    order = understood(event(address="o'brien@corp.example", reason="o'brien@corp.example wrote to us"))

    assert order.reason == "o***@corp.example wrote to us"


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        (
            "see https://crm.example/?mail=jane.doe%40corp.example&tab=1",
            "see https://crm.example/?***@corp.example&tab=1",
        ),
        ("jane%2Edoe%40corp%2Eexample wrote", "j***@corp.example wrote"),
        ("JANE.DOE%2540CORP.EXAMPLE wrote", "j***@corp.example wrote"),
        ("boss%40corp.example agreed", "b***@corp.example agreed"),
        ("it%0Abounced 100%", "it bounced 100%"),
    ],
)
def test_an_encoded_address_is_masked_like_any_other(reason: str, kept: str) -> None:
    order = understood(event(reason=reason))

    assert kept in order.reason
    assert not re.search(r"(?i)jane|boss", unquote(order.reason))


@pytest.mark.parametrize("address", ["o'brien@corp.example", "50%25@corp.example", "o'%42rien@corp.example"])
def test_an_unusual_address_is_masked_as_a_whole_however_it_is_encoded(address: str) -> None:
    ways = f"{address} {quote(address)} {quote(quote(address, safe=''), safe='')} {unquote(address)}"

    order = understood(event(address=address, reason=ways))

    assert not re.search("(?i)brien|50", order.reason)
    assert order.reason.count("***@corp.example") == 4


@settings(max_examples=200, deadline=None)
@given(
    text=st.lists(st.sampled_from([*"%24051aE@. ", "%40", "jane", "corp.example", "\ud800"]), max_size=60).map("".join),
    encodings=st.integers(0, 3),
)
def test_whatever_is_said_nothing_that_is_kept_decodes_further(text: str, encodings: int) -> None:
    told = f"because {text}"
    for _ in range(encodings):
        told = quote(told, errors="surrogatepass")

    try:
        order = understood(event(reason=told))
    except MalformedDocument:
        return

    assert unquote(order.reason) == order.reason


@pytest.mark.parametrize("kind", ["unsuppress", "release", "stop", "start"])
def test_an_order_that_is_not_understood_is_answered_as_its_kind(desk: Desk, kind: str) -> None:
    document = desk.give({kind: "?"})

    assert (document["mailwarden"], document["answer"]) == (kind, "not understood")


def test_what_is_encoded_over_and_over_is_refused_and_not_kept_half_decoded(desk: Desk) -> None:
    reason = "jane.doe%40corp.example"
    for _ in range(9):
        reason = quote(reason)

    document = desk.give(event(reason=reason))

    assert document["answer"] == "not understood"
    assert "reason is URL-encoded more than 4 times" in document["text"]
    assert not desk.journal.intentions


def test_without_a_word_nothing_is_confirmed() -> None:
    told = event()
    del told["unsuppress"]["confirm"]

    order = understood(told)

    assert not order.confirm
    assert not order.although_complaint


def test_a_removal_is_answered_for_programs_and_for_people(desk: Desk) -> None:
    document = desk.give(event())

    assert document["answer"] == "removed"
    assert document["address"] == "j***@corp.example"
    assert document["entry"] == {"reason": "BOUNCE", "since": "2026-03-02T12:00:00+00:00"}
    assert document["entry_id"] == "entry-0"
    assert document["text"] == (
        "the address was removed, and is no longer on the list (it had been on the list since 2026-03-02 12:00 UTC, "
        "because a mail to it bounced; journal entry entry-0)"
    )


def test_a_dry_run_says_what_it_takes(desk: Desk) -> None:
    desk.lists.held["eu-west-1", JANE] = an_entry("COMPLAINT")

    document = desk.give(event(confirm=False))

    assert document["answer"] == "needs consent"
    assert document["lacks"] == ["confirm", "although_complaint"]
    assert '"confirm": true' in document["text"]
    assert '"although_complaint": true' in document["text"]


def test_a_second_removal_is_told_when_it_may_be_tried_again(desk: Desk) -> None:
    desk.give(event())
    desk.lists.held["eu-west-1", JANE] = an_entry()

    document = desk.give(event())

    assert document["answer"] == "too soon"
    assert document["again_at"] == "2026-03-09T12:00:00+00:00"
    assert "next at 2026-03-09 12:00 UTC" in document["text"]


def test_the_other_answers_have_names_of_their_own(desk: Desk) -> None:
    elsewhere = desk.give(event(region="us-west-2"))
    desk.lists.refused = unread("ses:GetSuppressedDestination", "eu-west-1")
    refused = desk.give(event())
    nonsense = desk.give({"why": JANE})

    assert [elsewhere["answer"], refused["answer"], nonsense["answer"]] == [
        "not on the list",
        "not known",
        "not understood",
    ]
    assert not desk.journal.intentions


def test_nothing_that_is_answered_or_logged_holds_the_address(desk: Desk) -> None:
    documents = [desk.give(each) for each in (event(confirm=False), event(), event(), {"unsuppress": JANE})]

    assert "jane.doe" not in json.dumps(documents)
    assert "jane.doe" not in repr(desk.log.lines)
    assert [line for line, _ in desk.log.lines] == ["unsuppress", "unsuppress", "unsuppress", "not understood"]
    assert desk.log.lines[1][1] == {
        "ses_region": "eu-west-1",
        "by": "operator:alice",
        "answer": "removed",
        "entry_id": "entry-0",
        "window_ms": None,
    }


def test_the_example_for_local_invocation_is_an_order() -> None:
    example = json.loads((EVENTS / "invoke.operate.unsuppress.json").read_text(encoding="utf-8"))

    assert understood(example).confirm
