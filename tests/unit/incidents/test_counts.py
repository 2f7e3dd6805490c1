"""Whatever happens in whatever order, counts are those of the findings, and the last word of an incident is true."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.incidents.share import Share, moved_away, rank_of
from tests.unit.incidents.course import Course, finding, share

STATES = ("open", "worse", "repaired", "resolved", "silent", "pending")


def a_share(version: int, state: str, course: Course) -> Share:
    match state:
        case "open":
            return share(version, rank="30")
        case "worse":
            return share(version, region=None, pools=version)
        case "pending":
            return share(version, phase="pending", due=course.at + timedelta(minutes=2))
        case _:
            return share(version, end=state, due=course.at, is_news=state != "silent")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(STATES), st.sampled_from([0, 1, 70, 4000])), max_size=30))
def test_counts_are_those_of_the_members_and_the_last_word_is_true(steps: list[tuple[int, str, int]]) -> None:
    course, told_before = Course(), 0
    for version, (number, state, seconds) in enumerate(steps, start=1):
        course.happen({finding(number): a_share(version, state, course)})
        course.wait(timedelta(seconds=seconds))
        incident = course.incident
        if incident is None:
            continue
        inside = [member.share for member in course.members.values() if member.generation == incident.generation]
        is_open = [each for each in inside if each.is_open]
        assert incident.ranks == Counter(each.rank for each in is_open)
        assert incident.phases == Counter(each.phase for each in is_open)
        assert incident.regions == Counter(each.region for each in is_open if each.region)
        assert incident.ended == Counter(each.end for each in inside if each.end)
        assert incident.version >= told_before
        told_before = incident.version
    course.wait(timedelta(minutes=30))
    incident = course.incident
    if incident is not None and incident.told is not None and incident.has_news_of_its_end:
        said_open = incident.told.state is FindingState.OPEN
        assert said_open is (incident.state is FindingState.OPEN)
    if incident is not None and incident.open_count:
        assert incident.told is not None
        assert incident.told.rank == incident.rank


@pytest.mark.parametrize(
    ("effect", "still_lost", "unsure"),
    [(Effect.LOST, True, False), (Effect.UNKNOWN, False, True), (Effect.AT_RISK, False, False)],
)
def test_a_pool_that_moved_is_said_to_fail_only_if_its_mail_is_lost(
    effect: Effect, still_lost: bool, unsure: bool
) -> None:
    left = moved_away(share(rank=rank_of(Severity.HIGH, effect)))

    assert (left.still_lost, left.unsure) == (still_lost, unsure)
