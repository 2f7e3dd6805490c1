"""Whether another actor's call fell into the window of a write: to the second, decided when the write is over."""

from datetime import timedelta

import pytest

from mailwarden.domain.mail_path.overlap import (
    OtherCall,
    ResourceWrites,
    StoredWindow,
    overlaps_of,
)
from mailwarden.domain.refs.causes import Cause
from mailwarden.service.inspection.overlap_recorder import writes_what_we_write
from tests.builders import NOON, identity_ref, pool_ref
from tests.fakes.deployment import cause

POOL, IDENTITY = pool_ref(), identity_ref("example.com")


def window(begin: float, end: float | None, *, entry_id: str = "entry-1") -> StoredWindow:
    return StoredWindow(
        resource=POOL.arn,
        entry_id=entry_id,
        compared_at=NOON + timedelta(seconds=begin),
        written_at=None if end is None else NOON + timedelta(seconds=end),
    )


def call_at(seconds: float, name: str = "UpdateUserPool") -> Cause:
    return cause(name, at=NOON + timedelta(seconds=seconds))


def other(seconds: float, *, noted: float = 60) -> OtherCall:
    return OtherCall(resource=POOL.arn, call=call_at(seconds), noted_at=NOON + timedelta(seconds=noted))


@pytest.mark.parametrize(
    ("begin", "end", "at", "expected"),
    [
        (10.2, 10.3, 10, True),
        (10.2, 10.3, 9, False),
        (10.2, 10.3, 11, False),
        (10.95, 11.05, 10, True),
        (10.95, 11.05, 11, True),
        (10.95, 11.05, 12, False),
        (10.0, 10.1, 9, False),
        (10.0, 10.1, 10, True),
        (9.9, 10.0, 10, True),
        (10.2, 13.3, 12, True),
        # Another clock may write fractions: the second counts.
        (10.2, 10.3, 10.9, True),
        (10, None, 69, True),
        (10, None, 71, False),
    ],
)
def test_a_call_overlaps_if_its_second_has_a_moment_of_the_window(
    begin: float, end: float | None, at: float, expected: bool
) -> None:
    assert window(begin, end).overlaps(call_at(at)) is expected


def test_every_moment_inside_the_window_is_found_whatever_its_second() -> None:
    for begin in range(0, 2000, 37):
        for length in (1, 80, 900, 1500):
            for offset in range(0, length + 1, max(1, length // 7)):
                made_at = NOON + timedelta(milliseconds=begin + offset)
                recorded = cause(at=made_at.replace(microsecond=0))
                assert window(begin / 1000, (begin + length) / 1000).overlaps(recorded)


def test_a_write_that_is_under_way_is_not_judged_until_it_must_have_ended() -> None:
    history = ResourceWrites(windows=(window(10, None),), calls=(other(12),))

    assert list(overlaps_of(history, at=NOON + timedelta(seconds=70))) == []
    (found,) = overlaps_of(history, at=NOON + timedelta(seconds=71))
    assert found.call == call_at(12)


def test_a_write_that_ended_before_the_call_is_not_overlapped() -> None:
    history = ResourceWrites(windows=(window(10, 10.1),), calls=(other(12),))

    assert list(overlaps_of(history, at=NOON + timedelta(seconds=71))) == []


def test_each_call_is_found_once_the_latest_first() -> None:
    windows = (window(10, 10.1, entry_id="a"), window(10.2, 12.4, entry_id="b"))
    history = ResourceWrites(windows=windows, calls=(other(10), other(12)))

    found = list(overlaps_of(history, at=NOON + timedelta(minutes=2)))

    assert [(overlap.call.at - NOON, overlap.window.entry_id) for overlap in found] == [
        (timedelta(seconds=12), "b"),
        (timedelta(seconds=10), "a"),
    ]


def test_an_overlap_is_open_for_a_day_from_when_it_was_noted() -> None:
    history = ResourceWrites(windows=(window(10, 10.1),), calls=(other(10, noted=3600),))

    assert list(overlaps_of(history, at=NOON + timedelta(hours=25)))
    assert not list(overlaps_of(history, at=NOON + timedelta(hours=25, seconds=1)))


@pytest.mark.parametrize("name", ["UpdateUserPool", "SetUserPoolMfaConfig", "TagResource", "UntagResource"])
def test_what_a_write_of_a_pool_replaces(name: str) -> None:
    assert writes_what_we_write(POOL, call_at(0, name))
    assert not writes_what_we_write(IDENTITY, call_at(0, name))


@pytest.mark.parametrize(
    "name",
    [
        "CreateEmailIdentityPolicy",
        "UpdateEmailIdentityPolicy",
        "DeleteEmailIdentityPolicy",
        "PutIdentityPolicy",
        "DeleteIdentityPolicy",
    ],
)
@pytest.mark.parametrize(
    ("policy", "expected"),
    [("", True), ("mailwarden-cognito", True), ("mailwarden-cognito-2", True), ("theirs", False)],
)
def test_what_a_write_of_a_policy_replaces(name: str, policy: str, expected: bool) -> None:
    call = Cause(event_name=name, event_id="e", actor="a", user_agent="u", region="us-east-1", at=NOON, policy=policy)

    assert writes_what_we_write(IDENTITY, call) is expected
    assert not writes_what_we_write(POOL, call)


@pytest.mark.parametrize("name", ["CreateUserPool", "DeleteUserPool", "DeleteEmailIdentity", "TagResource"])
def test_other_calls_replace_nothing_of_an_identity(name: str) -> None:
    assert not writes_what_we_write(IDENTITY, call_at(0, name))


def test_a_call_that_was_noted_long_ago_hides_no_earlier_one() -> None:
    history = ResourceWrites(windows=(window(10, 12.5),), calls=(other(10, noted=7200), other(12, noted=60)))

    found = list(overlaps_of(history, at=NOON + timedelta(hours=25)))

    assert [overlap.call.at - NOON for overlap in found] == [timedelta(seconds=10)]
