"""What the calls that were received, and then the history of CloudTrail, prove about a lost sender; whole values."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.known_good.evidence import Unproven, accident_in, doubt_after, looked_up_since
from mailwarden.domain.known_good.origin import Authorship, Origin
from mailwarden.domain.known_good.past_calls import PastCall
from mailwarden.domain.known_good.record import KnownGood, Standing
from mailwarden.domain.known_good.steps import SenderReset
from mailwarden.domain.refs.call_words import EmailWord
from mailwarden.domain.refs.causes import Cause
from mailwarden.message import Message, message
from tests.builders import NOON, custom_from, developer, identity_ref
from tests.fakes.deployment import cause

LOST = developer(identity_ref())
SECOND, MOMENT = timedelta(seconds=1), timedelta(microseconds=1)
AGAIN_AFTER = timedelta(minutes=3)
ACCIDENT = replace(cause(event_id="e-reset"), email=EmailWord.ABSENT)
TAG = cause("TagResource", event_id="e-tag")
KNOWN = KnownGood(
    email=LOST,
    standing=Standing.HELD,
    since=NOON - timedelta(days=9),
    modified=NOON - timedelta(days=8),
    calls=(TAG, ACCIDENT),
)


def reset(
    origin: Origin = Origin.LEFT_OUT, *calls: Cause, standing: Standing = Standing.HELD, by: Cause = ACCIDENT
) -> SenderReset:
    """A reset that one call made, beside these calls."""
    return SenderReset(
        known=replace(KNOWN, standing=standing, calls=(TAG, by, *calls)),
        losses=(),
        authorship=Authorship(origin=origin, calls=(by, *calls)),
    )


def modified(seconds: int) -> Message:
    return message("evidence.another-change", modified=f"2026-03-02T12:00:0{seconds}+00:00")


ANOTHER = replace(ACCIDENT, event_id="e-2", at=NOON + SECOND)


@pytest.mark.parametrize(
    ("lost", "late", "wanted"),
    [
        (reset(), timedelta(0), ACCIDENT),
        (reset(), 5 * SECOND, ACCIDENT),
        (reset(), 5 * SECOND + MOMENT, modified(5)),
        (reset(Origin.NOT_SHOWN), timedelta(0), message("evidence.hidden")),
        (reset(Origin.NOT_HEARD), timedelta(0), message("evidence.no-call")),
        (reset(Origin.DELIBERATE), timedelta(0), message("evidence.no-call")),
        (reset(Origin.LEFT_OUT, ANOTHER), timedelta(0), message("evidence.several-calls", number=2)),
        # Such records do not fit together: nothing is proved.
        (replace(reset(), known=replace(KNOWN, calls=(TAG,))), timedelta(0), message("evidence.no-call")),
        (
            replace(reset(Origin.LEFT_OUT, ANOTHER), known=KNOWN),
            timedelta(0),
            message("evidence.several-calls", number=2),
        ),
        (reset(by=replace(ACCIDENT, event_name="CreateUserPool")), timedelta(0), message("evidence.hidden")),
        (reset(by=replace(ACCIDENT, email=None)), timedelta(0), message("evidence.hidden")),
        (reset(by=replace(ACCIDENT, actor="unknown")), timedelta(0), message("evidence.no-caller")),
        (reset(standing=Standing.SOUND), timedelta(0), message("evidence.not-held")),
    ],
)
def test_only_one_call_that_leaves_it_out_and_changed_the_pool_is_an_accident(
    lost: SenderReset, late: timedelta, wanted: Cause | Message
) -> None:
    assert accident_in(lost, modified=NOON + late) == wanted
    assert isinstance(wanted, Message) or accident_in(lost, modified=NOON - late) == wanted


@pytest.mark.parametrize(
    ("found_at", "since"),
    [
        (None, NOON - timedelta(days=8, seconds=5)),
        (NOON - timedelta(days=8), NOON - timedelta(days=8, seconds=5)),
        (NOON - timedelta(days=7), NOON - timedelta(days=7, minutes=1)),
    ],
)
def test_the_history_is_asked_from_where_the_pool_was_as_expected(found_at: datetime | None, since: datetime) -> None:
    assert looked_up_since(replace(KNOWN, found_at=found_at)) == since


SHOWN = PastCall(event_id="e-reset", at=NOON, email=EmailWord.ABSENT)
CHOICE = PastCall(event_id="e-choice", at=NOON - SECOND, email=EmailWord.DEFAULT)
EXPECTED = PastCall(event_id="e-set", at=NOON, email=EmailWord.IDENTITY, sets=LOST)
WAITS = Unproven(reason=message("evidence.waits", at="2026-03-02 12:23 UTC"), again_after=AGAIN_AFTER)
CONTRADICTED = Unproven(reason=message("evidence.contradicted"))
WANTED = Unproven(reason=message("evidence.wanted"))


def several(number: int) -> Unproven:
    return Unproven(reason=message("evidence.several-calls", number=number))


@pytest.mark.parametrize(
    ("found", "after", "wanted"),
    [
        ([SHOWN], 19, None),
        ([SHOWN, EXPECTED], 19, None),
        ([replace(EXPECTED, at=NOON + MOMENT), SHOWN], 19, several(2)),
        ([replace(EXPECTED, sets=custom_from(identity_ref())), SHOWN], 19, several(2)),
        ([replace(EXPECTED, sets=None), SHOWN], 19, several(2)),
        ([CHOICE, SHOWN], 19, several(2)),
        ([CHOICE], 19, several(2)),
        ([CHOICE, replace(CHOICE, event_id="e-3"), replace(CHOICE, event_id="e-4", failed=True)], 19, several(3)),
        ([replace(CHOICE, failed=True), SHOWN], 19, WANTED),
        ([], 19, WAITS),
        ([], 20, Unproven(reason=message("evidence.never-shown"))),
        ([replace(SHOWN, failed=True)], 19, CONTRADICTED),
        ([SHOWN, replace(SHOWN, failed=True)], 19, CONTRADICTED),
        ([SHOWN, SHOWN], 19, None),
        *(([replace(SHOWN, email=word)], 19, CONTRADICTED) for word in EmailWord if word is not EmailWord.ABSENT),
    ],
)
def test_the_history_confirms_an_accident_only_if_it_shows_that_call_and_no_other(
    found: list[PastCall], after: int, wanted: Unproven | None
) -> None:
    now = NOON + timedelta(minutes=after)

    assert doubt_after(KNOWN, ACCIDENT, found, now=now, again_after=AGAIN_AFTER) == wanted
