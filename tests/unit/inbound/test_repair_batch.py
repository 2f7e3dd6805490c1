"""A batch of repair orders: what is counted, what is retried, and what waits behind a failure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed, WriteResult, Written
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.repairs import RepairBatch
from mailwarden.message import verbatim
from mailwarden.queue_messages.codec import order_body, order_from_body
from mailwarden.service.repair.order_runner import NoTimeLeft
from mailwarden.service.repair.repair import Repaired
from tests.builders import NOON
from tests.fakes.examples import SEOUL_POOL, an_order
from tests.fakes.message_visibility import HeldVisibility
from tests.fakes.tally import Lines

if TYPE_CHECKING:
    from mailwarden.service.repair.order_runner import OrderRunner

TOOK = timedelta(seconds=31)
WINDOW = WriteWindow(resource=SEOUL_POOL.arn, compared_at=NOON, written_at=NOON + timedelta(milliseconds=70))


@dataclass(slots=True)
class HeldCounter:
    counted: list[timedelta | None] = field(default_factory=list)

    windows: list[WriteWindow] = field(default_factory=list)

    def repaired(self, *, took: timedelta | None) -> None:
        self.counted.append(took)

    def written_within(self, window: WriteWindow) -> None:
        self.windows.append(window)


@dataclass(slots=True)
class ScriptedRepairer:
    """A repairer with these results in turn."""

    results: list[WriteResult | Exception | None]

    def run(self, order: object, **_: object) -> Iterator[Repaired]:  # noqa: ARG002 - every order has its result
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        took = TOOK if isinstance(result, Written) else None
        yield Repaired(pool=SEOUL_POOL, rule_id="MW401", note=None, outcome=result, entry_id="entry-1", took=took)


def handled(
    *groups: str,
    results: list[WriteResult | Exception | None],
    body: str = "",
    counter: HeldCounter | None = None,
) -> tuple[list[str], list[timedelta | None]]:
    """The ids of the messages to retry, and what was counted, of one batch with a message for each group."""
    counter = counter or HeldCounter()
    batch = RepairBatch(
        runner=cast("OrderRunner", ScriptedRepairer(results)),
        understand=order_from_body,
        counter=counter,
        backoff=Backoff(visibility=HeldVisibility()),
    )
    records = [
        {"messageId": str(place), "body": body or order_body(an_order()), "attributes": {"MessageGroupId": group}}
        for place, group in enumerate(groups)
    ]
    failures = batch.handle({"Records": records}, log=Lines())["batchItemFailures"]
    return [each["itemIdentifier"] for each in failures], counter.counted


def test_a_write_is_counted_with_its_time() -> None:
    assert handled("a", results=[Written(entry_id="entry-1")]) == ([], [TOOK])


@pytest.mark.parametrize(
    "outcome", [None, Drifted(reason=verbatim("d")), Refused(reason=verbatim("r")), SideEffect(reason=verbatim("s"))]
)
def test_what_repaired_nothing_is_not_counted(outcome: WriteResult | None) -> None:
    assert handled("a", results=[outcome]) == ([], [])


@pytest.mark.parametrize(
    "outcome",
    [
        Written(entry_id="entry-1", window=WINDOW),
        SideEffect(reason=verbatim("s"), window=WINDOW),
        Unconfirmed(reason=verbatim("u"), window=WINDOW),
    ],
    ids=lambda outcome: type(outcome).__name__,
)
def test_the_window_of_everything_that_aws_took_is_measured(outcome: WriteResult) -> None:
    counter = HeldCounter()

    handled("a", results=[outcome], counter=counter)

    assert counter.windows == [WINDOW]


def test_an_order_whose_write_is_not_confirmed_comes_again_and_its_group_waits() -> None:
    results: list[WriteResult | Exception | None] = [Unconfirmed(reason=verbatim("u"), window=WINDOW), None]

    assert handled("a", "b", "a", results=results) == (["0", "2"], [])


def test_after_a_failure_the_rest_of_its_group_is_retried_and_no_other() -> None:
    results: list[WriteResult | Exception | None] = [RuntimeError("odd"), Written(entry_id="entry-1")]

    assert handled("a", "b", "a", results=results) == (["0", "2"], [TOOK])


def test_an_order_whose_write_is_not_confirmed_comes_again_before_the_rest_of_its_group() -> None:
    window = WriteWindow(resource="r", compared_at=NOON, written_at=NOON)
    results: list[WriteResult | Exception | None] = [Unconfirmed(reason=verbatim("u"), window=window), None]

    assert handled("a", "b", "a", results=results) == (["0", "2"], [])


@pytest.mark.parametrize(("received", "may"), [(1, True), (3, True), (4, False), (7, False)])
def test_an_order_that_had_no_time_for_all_comes_again_at_once_as_long_as_it_is_no_dead_letter(
    received: int, *, may: bool
) -> None:
    asked: list[dict[str, object]] = []

    class Unfinished:
        def run(self, order: object, **said: object) -> Iterator[Repaired]:  # noqa: ARG002 - every order has its result
            asked.append({name: said[name] for name in ("is_new", "may_be_redelivered")})
            yield Repaired(pool=SEOUL_POOL, rule_id="MW401", note=None, outcome=Written(entry_id="entry-1"))
            if said["may_be_redelivered"]:
                raise NoTimeLeft

    counter, visibility = HeldCounter(), HeldVisibility()
    batch = RepairBatch(
        runner=cast("OrderRunner", Unfinished()),
        understand=order_from_body,
        counter=counter,
        backoff=Backoff(visibility=visibility),
    )
    attributes = {"MessageGroupId": "a", "ApproximateReceiveCount": str(received)}
    records = [
        {"messageId": name, "receiptHandle": f"of {name}", "body": order_body(an_order()), "attributes": attributes}
        for name in ("first", "behind")
    ]

    failures = batch.handle({"Records": records}, log=Lines())["batchItemFailures"]

    left = ["behind", "first"] if may else []
    assert sorted(each["itemIdentifier"] for each in failures) == left
    assert visibility.hidden == ({"of first": 0, "of behind": 0} if may else {})
    assert len(counter.counted) == (1 if may else 2)
    assert asked[0] == {"is_new": received == 1, "may_be_redelivered": may}


def test_a_malformed_order_holds_nothing_back() -> None:
    assert handled("a", "a", results=[], body="{}") == (["0", "1"], [])
