"""Slots are quarters of an hour; sums are of seven days, rates of the last day, and what is missing is never zero."""

from datetime import datetime, timedelta

import pytest

from mailwarden.domain.reputation.feedback import Figures, RateStatus
from mailwarden.domain.reputation.time_series import first_wanted, slot_of, summed, window_of
from tests.builders import NOON
from tests.unit.reputation.story import VIRGINIA

NOW = NOON + timedelta(minutes=7)
WEEK_AGO = NOON - timedelta(days=7) + timedelta(minutes=15)


def ago(**time: float) -> datetime:
    return NOON - timedelta(**time)


def read_at(at: datetime | None) -> RateStatus:
    return RateStatus(subject=VIRGINIA, looked_at=at, figures=Figures())


@pytest.mark.parametrize(("minute", "begins"), [(0, 0), (14, 0), (15, 15), (44, 30), (59, 45)])
def test_a_slot_begins_at_a_quarter_of_an_hour(minute: int, begins: int) -> None:
    at = NOON.replace(minute=minute, second=59, microsecond=5)

    assert slot_of(at) == NOON.replace(minute=begins)


def test_the_window_has_the_slots_of_seven_days_with_the_one_that_goes_on() -> None:
    assert window_of(NOW) == WEEK_AGO


@pytest.mark.parametrize(
    ("rate_statuses", "first"),
    [
        ([None], WEEK_AGO),
        ([read_at(None)], WEEK_AGO),
        ([], WEEK_AGO),
        ([read_at(NOW)], ago(hours=1)),
        ([read_at(NOW), read_at(NOW - timedelta(hours=3))], ago(hours=4)),
        ([read_at(NOW), None], WEEK_AGO),
        ([read_at(ago(days=30))], WEEK_AGO),
    ],
    ids=["new", "never answered", "nothing", "read just now", "the older one counts", "one is new", "long ago"],
)
def test_figures_are_asked_for_from_an_hour_before_the_last_reading(
    rate_statuses: list[RateStatus | None], first: datetime
) -> None:
    assert first_wanted(rate_statuses, NOW) == first


def test_the_sum_of_no_values_is_none_and_not_zero() -> None:
    assert summed({}, NOW) == Figures()
    assert summed({ago(hours=1): Figures(sends=0.0)}, NOW) == Figures(sends=0.0)


def test_sums_cover_the_known_values_of_the_window() -> None:
    series = {
        WEEK_AGO - timedelta(minutes=15): Figures(sends=1_000.0, bounces=1_000.0),
        WEEK_AGO: Figures(sends=1.0),
        ago(days=3): Figures(sends=10.0, bounces=2.0, deliveries=8.0, rejects=1.0),
        NOON: Figures(sends=100.0, complaints=3.0, rendering_failures=4.0),
        NOON + timedelta(minutes=15): Figures(sends=9_000.0),
    }

    assert summed(series, NOW) == Figures(
        sends=111.0, bounces=2.0, deliveries=8.0, rejects=1.0, complaints=3.0, rendering_failures=4.0
    )


def test_the_rate_is_the_latest_one_of_each_kind() -> None:
    series = {
        ago(hours=2): Figures(bounce_rate=0.02, complaint_rate=0.001),
        ago(hours=3): Figures(bounce_rate=0.04),
        ago(hours=1): Figures(bounce_rate=0.03),
        NOON: Figures(sends=4.0),
    }

    assert summed(series, NOW) == Figures(sends=4.0, bounce_rate=0.03, complaint_rate=0.001)


def test_a_rate_is_valid_for_a_day_after_its_slot() -> None:
    series = {ago(days=1): Figures(bounce_rate=0.02)}

    assert summed(series, NOON + timedelta(minutes=14)).bounce_rate == 0.02
    assert summed(series, NOON + timedelta(minutes=15)).bounce_rate is None
