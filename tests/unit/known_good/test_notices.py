"""Whether threat protection still has the sender of its notices: the records of the calls decide if it was a choice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.known_good.notices import KnownNotices, lost_notices, notices_after, notices_now
from mailwarden.domain.known_good.origin import Origin
from mailwarden.domain.known_good.verification import ACCEPTED
from mailwarden.domain.readings import ThreatNotices, Unreadable
from mailwarden.domain.refs.call_records import HIDDEN, notices_word
from mailwarden.domain.refs.call_words import NoticesWord
from mailwarden.domain.refs.causes import Cause, folded
from tests.builders import NOON, pool, pool_ref

SENDER = ThreatNotices(source_arn="arn:aws:ses:us-east-1:111122223333:identity/security@example.com")
KNOWN = KnownNotices(sender=SENDER, found_at=NOON)
GONE = replace(pool(), acts_on_threats=True)
FOUND = replace(GONE, threat_notices=SENDER)
SECOND = timedelta(seconds=1)
POOL = {"userPoolId": "us-east-1_EXAMPLE"}
NOTIFY = {"actions": {"highAction": {"eventAction": "BLOCK", "notify": True}}}
QUIET = {"actions": {"highAction": {"eventAction": "BLOCK", "notify": False}}}


def call(word: NoticesWord | None, *, seconds: float = 1, name: str = "SetRiskConfiguration") -> Cause:
    return Cause(
        event_name=name,
        event_id=f"e-{seconds}-{word}",
        actor="alice",
        user_agent="",
        region="us-east-1",
        at=NOON + seconds * SECOND,
        notices=word,
        pool_id=pool_ref().pool_id,
    )


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        ({"accountTakeoverRiskConfiguration": NOTIFY | {"notifyConfiguration": {"sourceArn": "a"}}}, "sender"),
        ({"AccountTakeoverRiskConfiguration": QUIET | {"NotifyConfiguration": HIDDEN}}, "sender"),
        ({"accountTakeoverRiskConfiguration": NOTIFY}, "absent"),
        ({"accountTakeoverRiskConfiguration": NOTIFY | {"notifyConfiguration": None}}, "absent"),
        ({"accountTakeoverRiskConfiguration": QUIET}, "none"),
        ({"accountTakeoverRiskConfiguration": {"actions": {}}}, "none"),
        ({"accountTakeoverRiskConfiguration": {"actions": {"lowAction": HIDDEN}}}, "named"),
        ({"accountTakeoverRiskConfiguration": {"actions": HIDDEN}}, "named"),
        ({"accountTakeoverRiskConfiguration": HIDDEN}, "named"),
        ({"compromisedCredentialsRiskConfiguration": {"actions": {"eventAction": "BLOCK"}}}, "absent"),
        ({"riskExceptionConfiguration": {"blockedIPRangeList": []}}, "absent"),
        ({"accountTakeoverRiskConfiguration": None}, "none"),
        ({}, "none"),
        ({"omitted": True}, "hidden"),
        ({"userPoolId": HIDDEN}, "hidden"),
    ],
)
def test_a_record_shows_the_sender_of_notices_or_hides_it(parameters: dict[str, object], word: str) -> None:
    assert notices_word(POOL | parameters) is NoticesWord(word)


def test_a_call_for_a_single_app_client_says_nothing_of_the_pool() -> None:
    assert notices_word(POOL | {"clientId": "1example", "riskExceptionConfiguration": {}}) is None
    assert notices_word(None) is NoticesWord.HIDDEN


@pytest.mark.parametrize(
    ("words", "origin"),
    [
        ((), Origin.NOT_HEARD),
        (("absent",), Origin.LEFT_OUT),
        (("hidden",), Origin.NOT_SHOWN),
        (("absent", "hidden"), Origin.NOT_SHOWN),
        (("sender", "absent"), Origin.LEFT_OUT),
        (("none", "sender", "absent"), Origin.LEFT_OUT),
        (("absent", "sender"), Origin.NOT_HEARD),
        (("none",), None),
        (("named",), None),
        (("absent", "none"), None),
        (("none", "absent"), None),
    ],
)
def test_the_last_call_that_says_something_decides(words: tuple[str, ...], origin: Origin | None) -> None:
    calls = tuple(call(NoticesWord(word), seconds=place) for place, word in enumerate(words, start=1))

    lost = lost_notices(replace(KNOWN, calls=calls), GONE)

    assert (None if lost is None else lost.origin) is origin


def test_nothing_is_lost_where_nothing_is_known_or_used_or_readable() -> None:
    refused = Unreadable(action="cognito-idp:DescribeRiskConfiguration", region="us-east-1", reason="AccessDenied")

    assert lost_notices(None, GONE) is None
    assert lost_notices(KNOWN, FOUND) is None
    assert lost_notices(KNOWN, replace(GONE, acts_on_threats=False)) is None
    assert lost_notices(KNOWN, replace(GONE, threat_notices=refused)) is None
    assert notices_after(KNOWN, replace(GONE, threat_notices=refused), at=NOON + SECOND) == KNOWN


def test_a_person_may_accept_the_loss_and_the_next_sender_is_expected_again() -> None:
    order = call(None, name=ACCEPTED)
    lost = notices_now(KNOWN, folded(call(NoticesWord.ABSENT)), pool_id=pool_ref().pool_id)
    assert lost_notices(lost, GONE) is not None

    accepted = notices_now(lost, order, pool_id=pool_ref().pool_id)

    assert lost_notices(accepted, GONE) is None
    assert notices_after(accepted, GONE, at=NOON + 2 * SECOND) is None
    assert notices_after(accepted, FOUND, at=NOON + 2 * SECOND) == replace(KNOWN, found_at=NOON + 2 * SECOND)


def test_calls_of_other_pools_and_of_before_the_look_count_for_nothing() -> None:
    others = replace(call(NoticesWord.ABSENT), pool_id="us-east-1_OTHER")
    early = call(NoticesWord.ABSENT, seconds=-6)

    for cause in (others, early, call(None, name="UpdateUserPool")):
        assert notices_now(KNOWN, cause, pool_id=pool_ref().pool_id) == KNOWN


def test_the_loss_keeps_the_time_of_the_first_look_that_found_it() -> None:
    first = notices_after(KNOWN, GONE, at=NOON + SECOND)
    second = notices_after(first, GONE, at=NOON + 9 * SECOND)

    assert first == second == replace(KNOWN, missing_since=NOON + SECOND)
