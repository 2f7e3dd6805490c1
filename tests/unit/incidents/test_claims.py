"""What the last message claims stays true over time, and nothing is made up for that was missed."""

from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.incidents.incident import Occasion
from tests.unit.incidents.course import MINUTE, Course, finding, share

DAY = timedelta(days=1)


def reminders(course: Course) -> list[float]:
    """After how many days."""
    first = course.said[0][0]
    return [(at - first) / DAY for at, claim in course.said if claim.occasion is Occasion.REMINDER]


def shown(course: Course) -> list[str]:
    """What was done, by each message."""
    return [" ".join(claim.shown or ()) for _, claim in course.said]


def test_reminders_that_were_missed_are_not_made_up_for() -> None:
    course = Course()
    course.happen({finding(0): share()})
    course.at += 7 * DAY + MINUTE
    course.wait(DAY)
    assert [round(day) for day in reminders(course)] == [7, 8]


def test_an_incident_that_becomes_critical_after_two_months_is_repeated_daily_from_then_on() -> None:
    course = Course()
    course.happen({finding(0): share(rank="30")})
    course.wait(60 * DAY)
    before = len(course.said)
    course.happen({finding(0): share(2)})
    course.wait(2 * DAY)
    assert [claim.occasion for _, claim in course.said[before:]] == [
        Occasion.CHANGED,
        Occasion.REMINDER,
        Occasion.REMINDER,
    ]


def test_what_was_done_is_told_again_when_it_was_told_otherwise_meanwhile() -> None:
    course = Course()
    for version, phase in enumerate(("withheld mode", "withheld budget", "withheld mode"), start=1):
        course.happen({finding(0): share(version, phase=phase)})
        course.wait(15 * MINUTE)
    assert shown(course) == ["withheld mode", "withheld budget", "withheld mode"]


def test_what_alternates_by_the_minute_is_told_when_it_rests() -> None:
    course = Course()
    for version in range(1, 41):
        course.happen({finding(0): share(version, phase=("withheld a", "withheld b")[version % 2])})
        course.wait(MINUTE)
    assert len(course.said) == 2
    course.happen({finding(0): share(41, phase="withheld b")})
    course.wait(15 * MINUTE)
    assert shown(course)[-1] == "withheld b"
    assert len(course.said) <= 3


def test_repairs_that_go_on_are_told_where_it_was_said_that_they_do_not() -> None:
    course = Course()
    course.happen({finding(0): share(phase="withheld stopped")})
    course.wait(MINUTE)
    course.happen({finding(0): share(1, phase="pending")})
    course.wait(15 * MINUTE)
    assert shown(course) == ["withheld stopped", "pending"]


@pytest.mark.parametrize(
    ("outcome", "ends"), [("repaired", {"repaired": 2}), ("resolved", {"repaired": 1, "resolved": 1})]
)
def test_the_end_of_several_waits_for_the_outcome_of_a_write_that_died_before_anything_was_told(
    outcome: str, ends: dict[str, int]
) -> None:
    course = Course()
    due = course.at + 15 * MINUTE
    course.happen({finding(number): share(phase="pending", due=due, is_news=False) for number in (0, 1)})
    course.at += MINUTE
    course.happen({finding(0): share(2, end="silent", due=due, is_news=False, waits=True)})
    course.happen({finding(1): share(2, end="repaired", due=course.at)})
    course.wait(5 * MINUTE)
    assert course.said == []
    course.happen({finding(0): share(3, end=outcome, due=course.at)})
    course.wait(MINUTE)

    assert [claim.state for _, claim in course.said] == [FindingState.REPAIRED]
    assert course.incident is not None
    assert (course.incident.generation, course.incident.ended) == (1, ends)


def test_the_end_of_several_does_not_wait_for_an_outcome_that_never_comes() -> None:
    course = Course()
    course.happen({finding(number): share(phase="pending", due=course.at + 15 * MINUTE) for number in (0, 1)})
    course.happen({finding(0): share(2, end="silent", due=course.at + 15 * MINUTE, is_news=False, waits=True)})
    course.happen({finding(1): share(2, end="repaired", due=course.at)})
    course.wait(16 * MINUTE)

    assert [claim.state for _, claim in course.said] == [FindingState.REPAIRED]


def test_the_end_waits_for_the_outcome_of_a_write_whatever_else_is_due_in_that_second() -> None:
    course = Course()
    due = course.at + 15 * MINUTE
    course.happen({finding(0): share(), finding(1): share(due=due)})
    course.at += MINUTE
    course.happen({finding(0): share(2, end="resolved", due=due, waits=True)})
    course.happen({finding(1): share(2, end="resolved", due=course.at)})
    course.wait(MINUTE)
    assert [claim.state for _, claim in course.said] == [FindingState.OPEN]
    course.happen({finding(0): share(3, end="repaired", due=course.at)})
    assert [claim.state for _, claim in course.said] == [FindingState.OPEN, FindingState.REPAIRED]
