"""How long Mailwarden waits while somebody undoes its writes, as a model: any order of writes, undos and time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.monitoring.fights import Direction, Pause, WriteHistory, after_write
from mailwarden.domain.refs.causes import Cause

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def write(known: WriteHistory | None, at: datetime, entry_id: str | None = None) -> WriteHistory:
    return after_write(
        known,
        resource="arn:identity",
        direction=Direction.GRANT,
        wrote="digest",
        entry_id=entry_id or at.isoformat(),
        at=at,
    )


def undone_after(*since_noon: timedelta) -> WriteHistory:
    """Writes at these times, each undone at once."""
    known: WriteHistory | None = None
    for moment in since_noon:
        known = write(known, NOON + moment).seen_undone(None, at=NOON + moment)
    assert known is not None
    return known


@pytest.mark.parametrize(
    ("writes", "pause"),
    [
        ([timedelta()], timedelta()),
        ([timedelta(), MINUTE], HOUR),
        ([timedelta(), 4 * DAY, 8 * DAY], 6 * HOUR),
        ([timedelta(), 7 * DAY, 7 * DAY + MINUTE], 6 * HOUR),
        ([timedelta(), 4 * DAY, 8 * DAY, 12 * DAY], 24 * HOUR),
        ([timedelta(), 6 * DAY, 7 * DAY - MINUTE], None),
        ([timedelta(), 4 * DAY, 8 * DAY, 12 * DAY, 16 * DAY], None),
    ],
)
def test_the_pause_rises_with_each_write_that_was_undone(writes: list[timedelta], pause: timedelta | None) -> None:
    history, last = undone_after(*writes), NOON + writes[-1]

    if pause is None:
        kept = history.since(last + 29 * DAY)
        assert kept is not None
        assert kept.pause(last + 29 * DAY) == Pause(count=len(writes), until=None)
        return
    if pause:
        assert history.pause(last + pause - MINUTE) == Pause(count=len(writes), until=last + pause)
    assert history.pause(last + pause) is None


def test_what_nobody_undid_pauses_nothing() -> None:
    known = write(undone_after(timedelta(), MINUTE), NOON + HOUR)

    assert known.pause(NOON + HOUR) is None


def test_the_same_entry_counts_once() -> None:
    known = write(None, NOON, "entry")

    assert write(known, NOON + MINUTE, "entry") == known


def test_a_write_over_our_own_that_nobody_undid_takes_its_place() -> None:
    known = write(write(None, NOON), NOON + MINUTE)

    assert known.writes == (NOON + MINUTE,)


def test_thirty_days_after_the_last_write_nothing_is_left() -> None:
    known = undone_after(timedelta(), MINUTE)

    assert known.since(NOON + 30 * DAY) == known
    assert known.since(NOON + 30 * DAY + MINUTE) is None


@pytest.mark.parametrize("days", [0, 23, 29, 30, 31, 37, 60, 400])
@pytest.mark.parametrize(
    "writes",
    [
        [timedelta(), DAY, 2 * DAY],
        [timedelta(), 4 * DAY, 8 * DAY, 12 * DAY, 16 * DAY],
        [timedelta(), 20 * DAY, 21 * DAY, 22 * DAY],
    ],
)
def test_a_pause_without_end_ends_only_by_a_person(writes: list[timedelta], days: int) -> None:
    known, at = undone_after(*writes), NOON + writes[-1] + days * DAY

    kept = known.since(at)

    assert kept is not None
    assert kept.pause(at) == Pause(count=len(writes), until=None)


def test_a_write_of_more_than_thirty_days_before_the_last_one_does_not_count() -> None:
    known = undone_after(timedelta(), 4 * DAY, 8 * DAY, 12 * DAY, 31 * DAY)

    assert known.writes == tuple(NOON + day * DAY for day in (4, 8, 12, 31))
    assert known.pause(NOON + 32 * DAY - MINUTE) == Pause(count=4, until=NOON + 32 * DAY)


@settings(max_examples=200, deadline=None)
@given(
    steps=st.lists(st.integers(min_value=1, max_value=40 * 24), min_size=1, max_size=8),
    later=st.lists(st.integers(min_value=0, max_value=90 * 24), min_size=2, max_size=4).map(sorted),
)
def test_time_alone_ends_no_pause_that_waits_for_a_person(steps: list[int], later: list[int]) -> None:
    known: WriteHistory | None = None
    at = NOON
    for hours in steps:
        at += hours * HOUR
        known = write(known, at).seen_undone(None, at=at)
    assert known is not None

    ends = [
        None if (kept := known.since(at + hours * HOUR)) is None else kept.pause(at + hours * HOUR) for hours in later
    ]

    first = next((number for number, pause in enumerate(ends) if pause is not None and pause.until is None), len(ends))
    assert all(pause is not None and pause.until is None for pause in ends[first:])


def test_the_call_that_undid_it_is_the_first_that_is_known() -> None:
    cause = Cause(event_name="Delete", event_id="1", actor="jo", user_agent="cli", region="us-east-1", at=NOON)
    later = Cause(event_name="Touch", event_id="2", actor="bo", user_agent="cli", region="us-east-1", at=NOON)
    unknown = write(None, NOON).seen_undone(None, at=NOON + MINUTE)

    named = unknown.seen_undone(cause, at=NOON + HOUR)

    assert unknown.undone is not None
    assert unknown.undone.cause is None
    assert named.undone is not None
    assert (named.undone.cause, named.undone.seen_at) == (cause, NOON + MINUTE)
    assert named.seen_undone(later, at=NOON + 2 * HOUR) == named
    assert named.seen_undone(None, at=NOON + 2 * HOUR) == named


STEPS = st.lists(
    st.tuples(st.sampled_from(["undo", "look"]), st.integers(min_value=1, max_value=60 * 48)), min_size=1, max_size=250
)


@settings(max_examples=300, deadline=None)
@given(steps=STEPS)
def test_whatever_others_do_writes_are_bounded(steps: list[tuple[str, int]]) -> None:
    """At each step somebody undoes it, or Mailwarden looks and writes if it may; minutes pass before it."""
    now, present, known = NOON, False, None
    written: list[datetime] = []
    for step, minutes in steps:
        now += minutes * MINUTE
        if step == "undo":
            present = False
            continue
        if present:
            continue
        known = None if known is None else known.since(now)
        if known is not None:
            known = known.seen_undone(None, at=now)
            if known.pause(now) is not None:
                continue
        known = write(known, now)
        written.append(now)
        present = True
        assert len(known.writes) <= 5

    for at in written:
        assert sum(1 for other in written if timedelta() <= other - at < 7 * DAY) <= 3
        assert sum(1 for other in written if timedelta() <= other - at < 30 * DAY) <= 5


def test_who_undoes_it_every_hour_for_a_week_gets_three_writes() -> None:
    known: WriteHistory | None = None
    writes = 0
    for hour in range(24 * 7):
        now = NOON + hour * HOUR
        known = known if known is None else known.seen_undone(None, at=now)
        if known is None or known.pause(now) is None:
            known, writes = write(known, now), writes + 1

    assert writes == 3


def test_a_write_over_our_own_replaces_that_one_only_and_is_known_by_its_own_entry() -> None:
    known = write(write(None, NOON).seen_undone(None, at=NOON), NOON + HOUR)

    over = write(known, NOON + 2 * HOUR, "third")

    assert (over.writes, over.entry_id) == ((NOON, NOON + 2 * HOUR), "third")


def test_a_write_of_exactly_thirty_days_ago_does_not_count() -> None:
    known = undone_after(timedelta(), 10 * DAY)

    assert write(known, NOON + 30 * DAY).writes == (NOON + 10 * DAY, NOON + 30 * DAY)
    assert write(known, NOON + 30 * DAY - MINUTE).writes == (NOON, NOON + 10 * DAY, NOON + 30 * DAY - MINUTE)
