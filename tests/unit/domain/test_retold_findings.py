"""What a look says of a finding that is open already: its cause, its news, and when they are told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.findings.channels import CHANNELS
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.lifecycle import clear, observe
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.message import Message, message
from tests.builders import NOON
from tests.fakes.records import changed
from tests.unit.decisions.records import FIRST, PATIENCE, THIS, TIMES, VERDICT, call, observation, record

OPEN = {"record": "open", "did": "withheld", "pools": "this", "told": "yes"}
LOOK = {"word": "same", "now": "withheld", "look": "later"}
A, B = message("decision.no-fix"), message("decision.rule-off", rule="MW302")


def withheld(reason: Message, *, exempt: bool = False, patience: timedelta = timedelta(0)) -> Handled:
    return Handled(handling=Handling.WITHHELD, reason=reason, exempt=exempt, patience=patience)


def found(current: FindingRecord, handled: Handled, look: Mapping[str, str] = LOOK) -> FindingRecord:
    after = observe(current, replace(observation(look), handled=handled))
    assert after is not None
    return after


@pytest.mark.parametrize("speaker", [True, False])
def test_a_doubtful_look_at_the_pool_that_speaks_adds_its_calls_and_no_word(*, speaker: bool) -> None:
    current = record({**OPEN, "pools": "this" if speaker else "both"})
    doubtful = observation({**LOOK, "word": "doubtful now"}, cause=replace(call("broke", seconds=-1), actor="bob"))

    after = observe(current, doubtful)

    if not speaker:
        assert current.lifecycle.speaker == FIRST.arn
        assert after is None
        return
    assert after is not None
    assert after.seen.cause is not None
    assert {each.event_id for each in after.seen.cause.calls} == {"broke", "known"}
    assert replace(after.seen, cause=None) == replace(current.seen, cause=None)
    assert (after.finding, after.write) == (current.finding, current.write)


@pytest.mark.parametrize(
    ("told", "reason", "exempt", "is_news"),
    [
        ("yes", A, False, False),
        ("yes", B, False, True),
        ("yes", B, True, False),
        ("no", B, False, False),
    ],
)
def test_another_reason_not_to_write_is_news_of_what_was_told(
    told: str, reason: Message, *, exempt: bool, is_news: bool
) -> None:
    open_ = record({**OPEN, "pools": "this first", "told": told})
    current = replace(open_, write=withheld(A).write)

    after = found(current, withheld(reason, exempt=exempt))

    assert after.lifecycle.state is FindingState.OPEN
    assert after.write.reason == reason
    assert after.lifecycle.version == current.lifecycle.version + is_news
    assert after.lifecycle.changed_at == (TIMES["later"] if is_news else current.lifecycle.changed_at)


@pytest.mark.parametrize(
    ("due", "patience", "told_at"),
    [
        (NOON + PATIENCE / 2, timedelta(0), TIMES["later"]),
        (NOON + PATIENCE, PATIENCE / 2, NOON + PATIENCE / 2),
        (NOON + PATIENCE, 2 * PATIENCE, NOON + PATIENCE),
        (NOON, PATIENCE, NOON),
    ],
)
def test_what_waits_for_another_try_is_told_when_its_patience_is_over_and_no_later_than_before(
    due: datetime, patience: timedelta, told_at: datetime
) -> None:
    current = changed(record({**OPEN, "told": "no"}), announce_after=due)

    after = found(current, withheld(A, patience=patience))

    assert after.lifecycle.announce_after == told_at


@pytest.mark.parametrize(
    ("announced", "exempt", "since"),
    [
        ({"topic": 2}, True, 2),
        ({"topic": 2}, False, 4),
        ({"topic": 1}, True, 4),
        (dict.fromkeys(CHANNELS, 3), True, 4),
    ],
)
def test_an_end_that_a_channel_missed_is_told_there_although_the_finding_is_back_and_exempt(
    announced: dict[str, int], *, exempt: bool, since: int
) -> None:
    over = changed(record({**OPEN, "record": "resolved"}), announced=announced)

    after = found(over, withheld(A, exempt=exempt))

    assert after.lifecycle.opened_version == since


def test_a_finding_has_the_tags_of_the_application_of_the_pool_that_speaks() -> None:
    after = observe(record(OPEN), replace(observation(LOOK), application={"service": "shop"}))

    assert after is not None
    assert after.seen.application == {"service": "shop"}


@pytest.mark.parametrize("is_gone", [True, False])
def test_the_end_says_whether_the_pool_was_deleted(*, is_gone: bool) -> None:
    over = clear(record(OPEN), THIS, None if is_gone else VERDICT, cause=None, at=NOON, is_gone=is_gone)

    assert over is not None
    assert over.seen.pool_is_gone is is_gone
