"""The hours of bounces that can be compared with the known sends: the reported share must be a lower bound."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwarden.domain.reputation.feedback import Figures, RateStatus, comparable
from tests.builders import ses_account


def rate_status(*, looked_at: datetime | None, sends_since: datetime | None) -> RateStatus:
    return RateStatus(
        subject=ses_account().ref, looked_at=looked_at, figures=Figures(sends=500.0), sends_since=sends_since
    )


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sends_since", "looked_at", "hours"),
    [
        (at(8), at(12, 20), (at(8), at(12))),
        (at(8), at(12, 14), (at(8), at(11))),
        (at(8, 15), at(12, 20), (at(9), at(12))),
        (at(8, 45), at(9, 50), None),
        (at(12), at(12, 59), None),
        (None, at(12), None),
        (at(8), None, None),
    ],
)
def test_only_whole_hours_whose_sends_are_known(
    sends_since: datetime | None, looked_at: datetime | None, hours: tuple[datetime, datetime] | None
) -> None:
    assert comparable(rate_status(looked_at=looked_at, sends_since=sends_since)) == hours


moments = st.datetimes(min_value=datetime(2026, 3, 1), max_value=datetime(2026, 3, 9), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


@given(sends_since=moments, looked_at=moments)
def test_no_hour_begins_before_the_sends_are_known_nor_ends_after_they_were_read(
    sends_since: datetime, looked_at: datetime
) -> None:
    hours = comparable(rate_status(looked_at=looked_at, sends_since=sends_since))

    if hours is not None:
        assert hours[0] >= sends_since
        assert hours[1] <= looked_at - timedelta(minutes=15)
        assert hours[0] < hours[1]
