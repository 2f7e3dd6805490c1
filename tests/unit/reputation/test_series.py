"""Series of metrics over time, with the findings and the hints after each step, and no others."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.readings import Enforcement
from mailwarden.domain.reputation.feedback import Figures
from mailwarden.domain.reputation.rate_levels import RateSteps
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.rules.feedback.rates import FIGURES_STAND_FOR
from tests.unit.reputation.story import DENIED, EVERYBODY, IRELAND, MAIL, VIRGINIA, Step, Story, account, expected_hints

QUARTER = 0.25


def bounced(rate: float | None, *, sends: float | None = 4_000, bounces: float | None = 100) -> Figures:
    return Figures(sends=sends, deliveries=sends, bounces=bounces, bounce_rate=rate)


def complained(rate: float | None, *, sends: float | None = 4_000, complaints: float | None = 8) -> Figures:
    return Figures(sends=sends, complaints=complaints, complaint_rate=rate)


def rising(*steps: tuple[float, str]) -> list[Step]:
    """Bounce rates with the level that each has."""
    return [Step(figures=bounced(rate), says=(f"MW703 {level}",) if level else ()) for rate, level in steps]


def complaining(*steps: tuple[float, str]) -> list[Step]:
    return [Step(figures=complained(rate), says=(f"MW704 {level}",) if level else ()) for rate, level in steps]


BOTH = Figures(sends=4_000, bounces=90, complaints=9, bounce_rate=0.045, complaint_rate=0.002)
UNKNOWN = ("MW703 unknown", "MW704 unknown", "set unknown")
PAUSED = account(enforcement=Enforcement.SHUTDOWN, sending_enabled=False)
LOWER = Thresholds(bounce_rates=RateSteps(elevated=0.005, high=0.008, review=0.05, pause=0.10))

SERIES: dict[str, list[Step]] = {
    "an idle account": [Step(), Step(), Step(hours=200)],
    "one of thirteen mails": [Step(figures=bounced(1 / 13, sends=13, bounces=1)), Step()],
    "a slow rise": rising(
        (0.012, ""),
        (0.019, ""),
        (0.02, "elevated"),
        (0.031, "elevated"),
        (0.04, "high"),
        (0.05, "review"),
        (0.1, "pause"),
    ),
    "a spike": rising((0.01, ""), (0.12, "pause"), (0.01, "")),
    "a recovery that hovers around the steps": rising(
        (0.055, "review"),
        (0.0499, "review"),
        (0.0455, "review"),
        (0.051, "review"),
        (0.0449, "high"),
        (0.0365, "high"),
        (0.0359, "elevated"),
        (0.0185, "elevated"),
        (0.0179, ""),
        (0.0199, ""),
    ),
    "a level that falls exactly to the step": rising(
        (0.06, "review"), (0.05, "review"), (0.04, "high"), (0.02, "elevated")
    ),
    "just below each step": rising((0.0199, ""), (0.0399, "elevated"), (0.0499, "high"), (0.0999, "review")),
    "complaints just below each step": complaining(
        (0.00049, ""), (0.00079, "elevated"), (0.00099, "high"), (0.00499, "review"), (0.005, "pause")
    ),
    "complaints only": [
        Step(figures=replace(complained(0.0009), bounce_rate=0.01, bounces=40), says=("MW704 high",)),
        Step(figures=replace(complained(0.0001), bounce_rate=0.01, bounces=40)),
    ],
    "one complaint is none": [Step(figures=complained(0.1, complaints=1))],
    "both": [
        Step(figures=BOTH, says=("MW703 high", "MW704 review")),
        Step(figures=replace(BOTH, bounce_rate=0.001), says=("MW704 review",)),
        Step(figures=replace(BOTH, bounce_rate=0.001, complaint_rate=0.0)),
    ],
    "gaps in the data": [
        Step(figures=bounced(0.03), says=("MW703 elevated",)),
        Step(hours=6, says=("MW703 elevated",)),
        Step(hours=17.5, says=("MW703 elevated",)),
        Step(hours=1),
        Step(figures=Figures(sends=5)),
        Step(figures=bounced(0.03), says=("MW703 elevated",)),
    ],
    "a rate that comes without the numbers of the same time": [
        Step(figures=bounced(None)),
        Step(figures=Figures(bounce_rate=0.05), says=("MW703 review",)),
    ],
    "a new account without data points": [
        Step(hours=QUARTER),
        Step(hours=QUARTER, figures=bounced(0.5, sends=10, bounces=5)),
        Step(hours=QUARTER, figures=bounced(0.25, sends=100, bounces=20)),
        Step(hours=QUARTER, figures=bounced(0.2, sends=90, bounces=15), says=("MW703 pause",)),
    ],
    "a rate without sends": [Step(figures=bounced(0.2, sends=None)), Step(figures=bounced(0.2, sends=0, bounces=0))],
    "sends without a rate": [Step(figures=bounced(None, bounces=900)), Step(figures=bounced(None, bounces=900))],
    "sends that fall out of the seven days": [
        Step(figures=bounced(0.03, sends=190, bounces=20)),
        Step(hours=100, figures=bounced(0.03, sends=20, bounces=1), says=("MW703 elevated",)),
        Step(hours=60, figures=bounced(0.03, sends=20, bounces=1), says=("MW703 elevated",)),
        Step(hours=10, figures=bounced(0.03, sends=20, bounces=9)),
    ],
    "bounces that come late": [
        Step(figures=bounced(0.06, bounces=3)),
        Step(hours=QUARTER, ago=QUARTER, figures=bounced(0.06, bounces=7), says=("MW703 review",)),
        Step(hours=0.75, ago=1, figures=bounced(0.011, bounces=8)),
    ],
    "refused once": [
        Step(figures=bounced(0.045), says=("MW703 high",)),
        Step(hours=QUARTER, refused=DENIED, says=("MW703 high",)),
        Step(hours=QUARTER, says=("MW703 high",)),
    ],
    "refused for three hours": [
        Step(figures=bounced(0.045), says=("MW703 high",)),
        *[Step(hours=QUARTER, refused=DENIED, says=("MW703 high",))] * 8,
        *[Step(hours=QUARTER, refused=DENIED, says=UNKNOWN)] * 4,
        Step(hours=QUARTER, says=("MW703 high",)),
        Step(hours=QUARTER, says=("MW703 high",)),
    ],
    "refused from the first time on": [
        Step(refused=DENIED, says=UNKNOWN),
        Step(refused=DENIED, says=UNKNOWN),
        Step(),
    ],
    "a set only": [
        Step(figures={VIRGINIA: bounced(0.01), MAIL: bounced(0.07)}, says=("set bounces review",)),
        Step(figures={VIRGINIA: bounced(0.01), MAIL: bounced(0.07)}, says=("set bounces review",)),
        Step(figures={VIRGINIA: bounced(0.02), MAIL: bounced(0.01)}, says=("MW703 elevated",)),
    ],
    "two regions": [
        Step(figures={VIRGINIA: bounced(0.01), IRELAND: bounced(0.03)}, says=("MW703 elevated in Ireland",)),
        Step(
            figures={VIRGINIA: complained(0.006), IRELAND: bounced(0.03)},
            says=("MW704 pause", "MW703 elevated in Ireland"),
        ),
        Step(
            figures={IRELAND: bounced(0.01)},
            refused=DENIED,
            says=("MW704 pause",),
        ),
    ],
    "settings that lower the steps": [
        Step(figures=bounced(0.009)),
        Step(hours=QUARTER, limits=LOWER, says=("MW703 high",)),
        Step(hours=QUARTER, says=("MW703 high",)),
        Step(hours=QUARTER, limits=Thresholds()),
    ],
    "an account that AWS pauses and gives back": [
        Step(figures=bounced(0.11), says=("MW703 pause",)),
        Step(accounts=[PAUSED], says=("MW502 lost", "MW703 pause")),
        Step(says=("MW502 lost", "MW703 pause")),
        Step(accounts=[account()], figures=bounced(0.01)),
    ],
    "an account that is paused when it is first read": [Step(accounts=[PAUSED], says=("MW502 lost",))] * 2,
    "an account under review": [
        Step(),
        Step(accounts=[account(enforcement=Enforcement.PROBATION)], says=("MW503 at risk",)),
        Step(says=("MW503 at risk",)),
        Step(accounts=[account()]),
    ],
    "a quota that is nearly used, and used up": [
        Step(accounts=[account(sent_last_24_hours=39_000)]),
        Step(accounts=[account(sent_last_24_hours=40_000)], says=("MW504 at risk",)),
        Step(accounts=[account(sent_last_24_hours=44_000)], says=("MW504 at risk",)),
        Step(accounts=[account(sent_last_24_hours=50_000)], says=("MW504 lost",)),
        Step(accounts=[account(sent_last_24_hours=50_000, max_24_hour_send=-1)]),
        Step(accounts=[account(sent_last_24_hours=10)]),
    ],
}


@pytest.mark.parametrize("name", SERIES)
def test_after_each_step_exactly_these_findings_are_open_and_only_changes_cause_looks(name: str) -> None:
    story = Story()

    before: tuple[str, ...] = ()
    for place, step in enumerate(SERIES[name]):
        said = story.tell(step)

        assert (place, said) == (place, step.says)
        was_silent = place > 0 and step.hours > FIGURES_STAND_FOR / timedelta(hours=1)
        hints = EVERYBODY if was_silent else expected_hints(before, said, is_first=place == 0)
        assert (place, story.hinted()) == (place, hints)
        before = said
