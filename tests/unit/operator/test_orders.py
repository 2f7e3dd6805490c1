"""Every order of ``operate``: an unknown one is told all orders, and each needs the name of who gives it."""

from collections.abc import Callable

import pytest

from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.inbound.invoke.orders import Action, AnyOrder, Invocation, operator_in
from tests.fakes.logs import KeptLog
from tests.fakes.orders import members_of


class Known:
    """An order that needs nothing but a name; it fails where the ledger is corrupt."""

    def __init__(self, fails: Callable[[], None] = lambda: None) -> None:
        self.fails = fails
        self.given: list[str] = []

    def read(self, members: Members) -> Action:
        by = operator_in(members)

        def carry_out(call: Invocation) -> dict[str, object]:
            self.fails()
            self.given.append(f"{by} {call.request_id}")
            return {"answer": "done"}

        return carry_out


@pytest.mark.parametrize(
    "event",
    [None, [], "stop", {}, {"why": "?"}, {"one": {"by": "a"}, "two": {"by": "a"}}, {"one": {}, "x": 1}, {1: {}}],
)
def test_an_unknown_order_is_told_every_order(event: object) -> None:
    one, two, log = Known(), Known(), KeptLog()
    orders = AnyOrder(handlers={"one": lambda: one, "two": lambda: two})

    answer = orders.carry_out(event, request_id="r-1", log=log)

    assert (answer["mailwarden"], answer["answer"]) == ("order", "not understood")
    if isinstance(event, dict):
        assert answer["code"] == "order.unknown"
        assert answer["text"] == "an order is an object with exactly one of these members: one, two"
    assert one.given == two.given == []
    assert [line for line, _ in log.lines] == ["not understood"]


@pytest.mark.parametrize("by", ["", " ", "\t\n", "operator:", " operator: "])
def test_an_order_without_a_name_is_refused(by: str) -> None:
    one = Known()
    orders = AnyOrder(handlers={"one": lambda: one})

    answer = orders.carry_out({"one": {"by": by}}, request_id="r-1", log=KeptLog())

    assert (answer["mailwarden"], answer["code"], one.given) == ("one", "order.empty", [])


@pytest.mark.parametrize(
    ("by", "operator"),
    [
        ("alice", "operator:alice"),
        ("operator:alice", "operator:alice"),
        (" alice\nsmith ", "operator:alice smith"),
        ("jane.doe@corp.example", "operator:j***@corp.example"),
    ],
)
def test_a_given_name_is_marked_as_a_claim_of_an_operator(by: str, operator: str) -> None:
    assert operator_in(members_of({"stop": {"by": by}}, "stop")) == operator


def test_a_corrupt_item_met_on_the_way_is_no_misunderstood_order() -> None:
    def corrupt() -> None:
        Members.of(None, where="item")

    orders = AnyOrder(handlers={"one": lambda: Known(corrupt)})

    with pytest.raises(MalformedDocument):
        orders.carry_out({"one": {"by": "alice"}}, request_id="r-1", log=KeptLog())
