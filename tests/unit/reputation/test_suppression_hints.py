"""Pools are looked at when a suppression list brings a day that is told, and only then."""

from datetime import UTC, datetime, timedelta

from mailwarden.domain.refs.hints import SesAccountHint
from tests.builders import NOON
from tests.unit.reputation.counting import (
    TODAY,
    VIRGINIA,
    Counting,
    bounces,
)


def hinted(box: Counting) -> bool:
    hints = box.hints.take_all()
    assert hints in ([], [SesAccountHint(account=VIRGINIA, asks_anew=True)])
    return bool(hints)


def test_pools_are_looked_at_once_when_a_day_brings_so_many_that_it_is_told() -> None:
    box = Counting()
    box.run()
    told = []

    for number in (24, 1, 0, 5, 0, 0, 60, 0, 0):
        box.suppress(*bounces(number, box.time.at))
        box.run_again()
        told.append((box.known.added_on(TODAY), hinted(box)))

    assert [number for number, _ in told] == [24, 25, 25, 30, 30, 30, 90, 90, 90]
    assert [hint for _, hint in told] == [False, True, *[False] * 7]


def test_where_a_hundred_a_day_are_usual_pools_are_looked_at_for_three_hundred_and_again_when_it_is_over() -> None:
    box = Counting()
    for back in range(1, 10):
        box.suppress(*bounces(100, NOON - timedelta(days=back)))
    box.suppress(*bounces(150, NOON - timedelta(hours=1)))
    box.run()
    usual = hinted(box)
    told = []

    for number in (100, 49, 1, 0, 0):
        box.suppress(*bounces(number, box.time.at))
        box.run_again()
        told.append(hinted(box))
    next_days = []
    for _ in range(48):
        box.run_again(minutes=60)
        next_days.append(hinted(box))

    assert not usual
    assert told == [False, False, True, False, False]
    assert sum(next_days) == 1
    assert box.ledger.counts.held[VIRGINIA].told is None


def test_a_change_within_the_hour_after_a_hint_is_told_at_the_end_of_it() -> None:
    box = Counting()
    box.time.at = datetime(2026, 3, 2, 23, 40, tzinfo=UTC)
    box.suppress(*bounces(40, box.time.at - timedelta(hours=1)))
    box.run()
    first = hinted(box)
    box.suppress(*bounces(60, datetime(2026, 3, 3, 0, 5, tzinfo=UTC)))

    # From ten past midnight on the new day is the fuller one.
    told = [(box.run_again()[0].hinted, hinted(box)) for _ in range(6)]

    assert first
    assert told == [(False, False)] * 3 + [(True, True)] + [(False, False)] * 2


def test_what_came_before_midnight_is_told_after_it() -> None:
    box = Counting()
    box.time.at = datetime(2026, 3, 2, 23, 50, tzinfo=UTC)
    box.run()
    box.suppress(*bounces(40, box.time.at))

    box.run_again()

    assert box.known.added_on(TODAY) == 40
    assert hinted(box)


def test_a_list_that_was_long_before_is_no_reason_to_look() -> None:
    box = Counting()
    box.suppress(*bounces(5_000, NOON - timedelta(days=20)), *bounces(80, NOON - timedelta(days=3)))

    box.run()

    assert box.known.total == {"BOUNCE": 5_080}
    assert not hinted(box)
