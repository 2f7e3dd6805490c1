"""Suppression lists are counted once and completely, however often a run dies, in the pace of a guest."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from mailwarden.domain.reputation.suppression_growth import first_count_under_way
from tests.builders import NOON
from tests.unit.reputation.counting import (
    FRANKFURT,
    IRELAND,
    TODAY,
    VIRGINIA,
    YESTERDAY,
    Counting,
    Killed,
    bounces,
    by_day,
    run_until_done,
    some,
    without_empty_days,
)


def test_an_empty_list_is_counted_with_a_call_for_each_day_and_one_for_all_and_its_quiet_days_are_known() -> None:
    box = Counting()

    (counted,) = box.run()

    assert (counted.calls, counted.outcome) == (10 + 1, "up to date")
    assert box.known.total == {}
    # The last window was begun after nine others, a call in three seconds.
    assert box.known.counted_to == NOON - timedelta(minutes=5) + timedelta(seconds=24)
    assert list(box.known.added) == [TODAY - timedelta(days=back) for back in range(9, -1, -1)]
    assert not any(box.known.added.values())


def test_a_run_right_after_another_asks_for_nothing() -> None:
    box = Counting()
    box.run()

    (counted,) = box.run_again(minutes=1)

    assert (counted.calls, counted.outcome) == (0, "up to date")


def test_each_run_counts_what_came_since_the_last_one_and_the_whole_list_once_a_day() -> None:
    box = Counting()
    box.run()

    calls = [box.run_again()[0].calls for _ in range(2 * 96)]

    assert sorted(Counter(calls).items()) == [(1, 190), (2, 2)]


def test_entries_are_counted_by_day_and_reason_and_those_too_new_with_the_next_run() -> None:
    box = Counting()
    box.suppress(*bounces(3, NOON - timedelta(hours=1)), *bounces(2, NOON - timedelta(hours=13), reason="COMPLAINT"))
    box.suppress(*bounces(5, NOON - timedelta(minutes=4)), *bounces(7, NOON - timedelta(days=10)))
    (counted,) = box.run()
    before = box.known

    box.run_again()

    assert (counted.added_today, counted.on_the_list) == (3, 17)
    assert without_empty_days(before.added) == {TODAY: {"BOUNCE": 3}, YESTERDAY: {"COMPLAINT": 2}}
    assert before.total == {"BOUNCE": 15, "COMPLAINT": 2}
    assert box.known.added[TODAY] == {"BOUNCE": 8}


def test_the_ends_of_windows_belong_to_one_window_each() -> None:
    box = Counting()
    box.run()
    end = box.known.counted_to
    assert end is not None
    second = timedelta(seconds=1)
    box.suppress(*bounces(1, end - second), *bounces(10, end), *bounces(100, end + timedelta(minutes=20)))

    box.run_again()
    after_one = box.known.added_on(TODAY)
    box.run_again()

    # The first of them was put too late for its window to see it: a clock ran ahead by more than five minutes.
    assert after_one == 10
    assert box.known.added_on(TODAY) == 110


def test_only_the_last_ten_days_are_kept() -> None:
    box = Counting()
    box.suppress(*some(900, days=9))
    box.run()

    for _ in range(4):
        box.run_again(minutes=24 * 60)

    assert list(box.known.added) == [TODAY + timedelta(days=4 - back) for back in range(9, -1, -1)]
    assert all(box.known.added_on(TODAY + timedelta(days=day)) == 0 for day in range(1, 5))


def test_after_a_long_stop_the_days_in_between_are_counted() -> None:
    box = Counting()
    box.run()
    box.time.pass_by(days=12)
    box.suppress(*bounces(6, NOON + timedelta(days=2)), *bounces(4, NOON + timedelta(days=8)))

    box.run()

    assert without_empty_days(box.known.added) == {TODAY + timedelta(days=8): {"BOUNCE": 4}}
    assert len(box.known.added) == 10


@pytest.mark.parametrize("kills", ["", "after"])
def test_a_list_of_many_pages_is_counted_once_even_if_the_run_dies_after_every_page(kills: str) -> None:
    box = Counting(budget=1_000_000)
    entries = list(some(2_345))
    box.suppress(*entries)
    box.lists.size = 30
    box.counts.kills = kills

    runs = run_until_done(box)

    to = box.known.counted_to
    assert to is not None
    first = datetime.combine(TODAY - timedelta(days=9), datetime.min.time(), tzinfo=UTC)
    assert runs == (box.counts.puts + 1 if kills else 1)
    assert without_empty_days(box.known.added) == by_day(entries, since=first, to=to)
    assert box.known.total == dict(Counter(entry.reason for entry in entries))
    assert len(box.lists.calls) == 9 * 3 + 2 + 79


def test_a_hundred_thousand_entries_take_three_runs_in_the_pace_of_a_guest() -> None:
    box = Counting()
    box.suppress(*some(100_000, days=8))

    counted = [box.run()[0]]
    while counted[-1].outcome != "up to date":
        counted.append(box.run_again(minutes=11)[0])

    # 105 pages of windows of a day and 100 of the recount; the windows of the runs after the first are a page each.
    assert [each.calls for each in counted] == [80, 80, 47]
    assert len(box.time.slept) == 204
    assert all(later - earlier >= 3 - 1e-6 for (_, earlier), (_, later) in pairwise(box.lists.calls))
    assert box.known.total == {"BOUNCE": 90_000, "COMPLAINT": 10_000}
    assert sum(box.known.added_on(day) for day in box.known.added) == 100_000


def test_a_page_that_was_read_and_not_kept_is_read_again_and_counts_once() -> None:
    box = Counting(budget=1_000_000)
    entries = list(some(2_345))
    box.suppress(*entries)
    box.lists.size = 100

    for _ in range(200):
        box.counts.kills = "instead"
        with pytest.raises(Killed):
            box.run()
        box.budget = 0.1
        box.run()
        box.budget = 1_000_000
        if box.known.total is not None and box.ledger.counts.held[VIRGINIA].growth is None:
            break

    assert box.known.total == dict(Counter(entry.reason for entry in entries))
    assert sum(box.known.added_on(day) for day in box.known.added) == sum(
        1 for entry in entries if NOON - timedelta(days=9, hours=12) <= entry.updated_at < NOON - timedelta(minutes=5)
    )


def test_a_run_ends_when_its_time_is_up_and_the_next_one_goes_on() -> None:
    box = Counting(budget=30)
    entries = list(some(2_000, days=5))
    box.suppress(*entries)
    box.lists.size = 100

    calls, days = [], []
    for _ in range(5):
        calls.append(box.run_again()[0].calls)
        counted_to = box.known.counted_to
        assert counted_to is not None
        days.append((counted_to, sum(box.known.added_on(day) for day in box.known.added)))

    # A window that was under way stays as it is; the days before it are known already.
    assert calls == [10] * 5
    assert days == sorted(days)
    assert 0 < days[0][1] < days[1][1] < days[2][1] == 2_000


def test_a_first_count_is_under_way_until_it_comes_to_the_day_it_was_begun_on() -> None:
    box = Counting(budget=15)

    (counted,) = box.run()
    begun = box.known
    box.run_again()
    box.run_again()

    assert (counted.calls, counted.outcome) == (5, "goes on with the next run")
    assert first_count_under_way(begun)
    assert not first_count_under_way(box.known)


def test_no_region_is_asked_more_often_than_every_three_seconds_and_all_get_the_same_time() -> None:
    box = Counting(budget=90)
    for account in (VIRGINIA, IRELAND, FRANKFURT):
        box.lists.held[account.region] = list(some(50_000))

    counted = box.run(VIRGINIA, IRELAND, FRANKFURT)

    assert [each.calls for each in counted] == [30, 30, 30]
    for account in (VIRGINIA, IRELAND, FRANKFURT):
        times = [at for region, at in box.lists.calls if region == account.region]
        assert all(later - earlier >= 3 - 1e-6 for earlier, later in pairwise(times))


def test_a_short_list_leaves_its_time_to_a_long_one() -> None:
    box = Counting(budget=90)
    box.lists.held[IRELAND.region] = list(some(50_000))

    counted = {each.account: each for each in box.run(VIRGINIA, IRELAND)}

    assert (counted[VIRGINIA].calls, counted[VIRGINIA].outcome) == (11, "up to date")
    assert counted[IRELAND].calls == 30
