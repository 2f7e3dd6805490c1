"""A rate rises at once and falls only when it is clearly below the step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwarden.domain.reputation.rate_levels import RateLevel, RateSteps

STEPS = RateSteps(elevated=0.02, high=0.04, review=0.05, pause=0.10)
rates = st.floats(min_value=0, max_value=1)
levels = st.sampled_from(RateLevel)


@pytest.mark.parametrize(
    ("rate", "level"),
    [
        (0.0, RateLevel.NORMAL),
        (0.0199, RateLevel.NORMAL),
        (0.02, RateLevel.ELEVATED),
        (0.04, RateLevel.HIGH),
        (0.0499, RateLevel.HIGH),
        (0.05, RateLevel.REVIEW),
        (0.10, RateLevel.PAUSE),
        (1.0, RateLevel.PAUSE),
    ],
)
def test_a_rate_has_the_level_of_the_last_step_it_reached(rate: float, level: RateLevel) -> None:
    assert STEPS.of(rate) is level
    assert STEPS.from_which(level) <= rate


@pytest.mark.parametrize(
    ("previous", "rate", "level"),
    [
        (RateLevel.HIGH, 0.0399, RateLevel.HIGH),
        (RateLevel.HIGH, 0.0361, RateLevel.HIGH),
        (RateLevel.HIGH, 0.0359, RateLevel.ELEVATED),
        (RateLevel.PAUSE, 0.0, RateLevel.NORMAL),
        (RateLevel.PAUSE, 0.091, RateLevel.PAUSE),
        (RateLevel.PAUSE, 0.0899, RateLevel.REVIEW),
        (RateLevel.ELEVATED, 0.06, RateLevel.REVIEW),
        (RateLevel.NORMAL, 0.019, RateLevel.NORMAL),
    ],
)
def test_a_level_is_left_when_the_rate_is_a_tenth_below_its_step(
    previous: RateLevel, rate: float, level: RateLevel
) -> None:
    assert STEPS.after(previous, rate) is level


@given(previous=levels, rate=rates)
def test_a_level_is_never_below_the_rate_s_own_nor_above_both_it_and_the_one_before(
    previous: RateLevel, rate: float
) -> None:
    after = STEPS.after(previous, rate)

    assert after >= STEPS.of(rate)
    assert after <= max(previous, STEPS.of(rate))


@given(previous=levels, rate=rates)
def test_the_same_rate_seen_again_changes_nothing(previous: RateLevel, rate: float) -> None:
    once = STEPS.after(previous, rate)

    assert STEPS.after(once, rate) is once
