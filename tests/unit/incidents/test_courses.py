"""One cause is one message that grows and ends: how many messages each course takes, and what the last one says."""

from datetime import timedelta

import pytest

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.incidents.share import rank_of
from tests.builders import NOON
from tests.unit.incidents.course import MINUTE, Course, finding, share

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
REPAIRED, RESOLVED = "repaired", "resolved"


def occasions(course: Course) -> list[Occasion]:
    return [claim.occasion for _, claim in course.said]


def test_three_hundred_pools_that_one_cause_breaks_are_three_messages() -> None:
    course = Course()
    for number in range(300):
        course.happen({finding(number): share()})
        course.at += SECOND / 10
    assert course.said[0][0] == NOON
    course.wait(5 * MINUTE)
    for number in range(300):
        course.happen({finding(number): share(2, end=RESOLVED, due=course.at)})
    assert occasions(course) == [Occasion.OPENED, Occasion.GREW, Occasion.ENDED]
    assert [claim.size for _, claim in course.said] == [1, 300, 0]
    assert course.said[1][0] - NOON <= 2 * MINUTE
    assert course.incident is not None
    assert course.incident.all_pools == 300


def test_a_repair_within_the_patience_is_one_message_when_the_last_pool_can_send() -> None:
    course = Course()
    due = NOON + 2 * MINUTE
    course.happen({finding(number): share(phase="pending", due=due) for number in range(300)})
    for number in range(300):
        course.at += SECOND / 4
        course.happen({finding(number): share(2, end=REPAIRED, phase="written", due=course.at)})
    assert [(at, claim.state) for at, claim in course.said] == [(course.at, FindingState.REPAIRED)]


def test_a_repair_that_takes_longer_is_told_when_the_patience_is_over_and_when_it_ends() -> None:
    course = Course()
    course.happen({finding(number): share(phase="pending", due=NOON + 2 * MINUTE) for number in range(300)})
    for number in range(300):
        course.wait(SECOND)
        course.happen({finding(number): share(2, end=REPAIRED, phase="written", due=course.at)})
    assert occasions(course)[0] is Occasion.OPENED
    assert occasions(course)[-1] is Occasion.ENDED
    assert len(course.said) <= 3


def test_what_got_worse_is_told_at_once_and_what_got_better_together() -> None:
    course = Course()
    course.happen({finding(0): share(rank=rank_of(Severity.MEDIUM, Effect.NONE)), finding(1): share(rank="20")})
    course.at += SECOND
    course.happen({finding(0): share(2)})
    assert [claim.rank for _, claim in course.said] == ["20", "43"]
    course.at += SECOND
    course.happen({finding(0): share(3, end=RESOLVED, due=course.at)})
    assert len(course.said) == 2
    course.wait(2 * MINUTE)
    assert [claim.rank for _, claim in course.said] == ["20", "43", "20"]


@pytest.mark.parametrize("phase", ["withheld stopped", "withheld budget", "failed denied"])
def test_a_repair_that_was_told_to_be_ordered_is_followed_by_what_became_of_it(phase: str) -> None:
    course = Course()
    course.happen({finding(0): share(phase="pending")})
    course.at += 20 * SECOND
    course.happen({finding(0): share(2, phase=phase)})
    assert occasions(course) == [Occasion.OPENED, Occasion.CHANGED]
    course.happen({finding(0): share(3, phase="pending")})
    course.happen({finding(0): share(4, phase=phase)})
    assert len(course.said) == 2


def test_a_critical_incident_is_repeated_after_an_hour_after_a_day_and_then_daily() -> None:
    course = Course()
    course.happen({finding(0): share()})
    course.wait(96 * HOUR)
    reminders = [at - NOON for at, claim in course.said if claim.occasion is Occasion.REMINDER]
    assert reminders == [HOUR, 24 * HOUR, 48 * HOUR, 72 * HOUR, 96 * HOUR]


@pytest.mark.parametrize(("severity", "hours"), [(Severity.HIGH, [1, 24, 168, 336]), (Severity.MEDIUM, [])])
def test_a_high_incident_is_repeated_weekly_and_a_medium_one_never(severity: Severity, hours: list[int]) -> None:
    course = Course()
    course.happen({finding(0): share(rank=rank_of(severity, Effect.AT_RISK))})
    course.wait(15 * 24 * HOUR)
    assert [at - NOON for at, claim in course.said if claim.occasion is Occasion.REMINDER] == [
        number * HOUR for number in hours
    ]


def test_the_end_is_told_only_when_every_finding_is_over() -> None:
    course = Course()
    course.happen({finding(number): share() for number in range(3)})
    for number in (0, 1):
        course.wait(MINUTE)
        course.happen({finding(number): share(2, end=RESOLVED, due=course.at)})
    assert Occasion.ENDED not in occasions(course)
    course.happen({finding(2): share(2, end=REPAIRED, due=course.at)})
    assert occasions(course)[-1] is Occasion.ENDED
    assert course.incident is not None
    assert course.incident.state is FindingState.REPAIRED


def test_what_nobody_was_told_of_ends_in_silence() -> None:
    course = Course()
    course.happen({finding(0): share(phase="pending", due=NOON + 2 * MINUTE)})
    course.happen({finding(0): share(2, end="silent", is_news=False)})
    course.wait(HOUR)
    assert course.said == []


def test_a_cause_that_comes_back_is_told_again_in_a_newer_version() -> None:
    course = Course()
    for version in (1, 3, 5):
        course.happen({finding(0): share(version)})
        course.wait(MINUTE)
        course.happen({finding(0): share(version + 1, end=RESOLVED, due=course.at)})
        course.wait(MINUTE)
    assert occasions(course) == [Occasion.OPENED, Occasion.ENDED] * 3
    assert course.incident is not None
    assert (course.incident.version, course.incident.generation) == (6, 3)


def test_while_a_write_is_under_way_only_its_outcome_tells_the_end() -> None:
    course = Course()
    course.happen({finding(0): share()})
    course.at += MINUTE
    course.happen({finding(0): share(2, end=RESOLVED, due=course.at + 15 * MINUTE, waits=True)})
    course.at += SECOND
    course.happen({finding(0): share(3, end=REPAIRED, due=course.at)})
    assert [claim.state for _, claim in course.said] == [FindingState.OPEN, FindingState.REPAIRED]


def test_a_number_that_shrinks_by_far_is_told_once_in_a_while() -> None:
    course = Course()
    course.happen({finding(number): share() for number in range(280)})
    for number in range(279):
        course.wait(3 * MINUTE)
        course.happen({finding(number): share(2, end=REPAIRED, due=course.at)})
    told = [claim.size for _, claim in course.said if claim.occasion is Occasion.GREW]
    assert 0 < len(told) <= 8
    assert told == sorted(told, reverse=True)


def test_a_write_that_did_not_help_is_told_when_the_look_after_it_has_had_its_time() -> None:
    course = Course()
    course.happen({finding(0): share(phase="pending")})
    course.happen({finding(0): share(1, phase="written")})
    assert len(course.said) == 1
    course.wait(3 * MINUTE)
    assert occasions(course) == [Occasion.OPENED, Occasion.CHANGED]
