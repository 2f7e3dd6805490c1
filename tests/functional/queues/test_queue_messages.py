"""Hints and repair orders survive the way through a queue; anything else is refused with a reason."""

import json
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import (
    ConfigurationSetHint,
    EverywhereHint,
    Hint,
    IdentityHint,
    PoolHint,
    RegionHint,
    SesAccountHint,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef
from mailwarden.queue_messages.codec import (
    MalformedMessage,
    hint_body,
    hint_from,
    is_ours,
    json_object,
    order_body,
    order_from_body,
)
from tests.fakes.examples import (
    ACCOUNT,
    OREGON_ACCOUNT,
    OREGON_IDENTITY,
    SEOUL_POOL,
    a_cause,
    an_order,
)
from tests.texts import says, sentence

SET = ConfigurationSetRef(partition="aws", region="us-west-2", account=ACCOUNT, name="transactional")
calls = st.builds(
    Cause,
    event_name=st.text(),
    event_id=st.text(),
    actor=st.text(),
    user_agent=st.text(),
    region=st.text(),
    at=st.datetimes(timezones=st.just(UTC)),
)
causes = st.one_of(st.none(), calls, st.builds(replace, calls, others=st.lists(calls, max_size=3).map(tuple)))
places = st.one_of(st.none(), st.text())
hints: st.SearchStrategy[Hint] = st.one_of(
    st.builds(PoolHint, pool=st.just(SEOUL_POOL), cause=causes),
    st.builds(IdentityHint, identity=st.just(OREGON_IDENTITY), cause=causes, after=places, until=places),
    st.builds(ConfigurationSetHint, configuration_set=st.just(SET), cause=causes, after=places, until=places),
    st.builds(SesAccountHint, account=st.just(OREGON_ACCOUNT), cause=causes, after=places, until=places),
    st.builds(RegionHint, region=st.text(), after=places, cause=causes),
    st.builds(EverywhereHint, cause=causes),
)
GOOD_HINT = json.loads(hint_body(PoolHint(pool=SEOUL_POOL, cause=a_cause())))
GOOD_ORDER = json.loads(order_body(an_order()))


@settings(max_examples=200, deadline=None)
@given(hint=hints)
def test_a_hint_arrives_as_it_was_sent(hint: Hint) -> None:
    assert hint_from(json_object(hint_body(hint))) == hint


@settings(max_examples=50, deadline=None)
@given(cause=causes)
def test_a_repair_order_arrives_as_it_was_sent(cause: Cause | None) -> None:
    order = replace(an_order(resource=OREGON_IDENTITY.arn), cause=cause)

    assert order_from_body(order_body(order)) == order


def test_an_order_of_a_version_that_kept_one_call_is_read() -> None:
    order = an_order()
    assert order.cause is not None
    assert "others" not in GOOD_ORDER["cause"]

    assert order_from_body(json.dumps(GOOD_ORDER)).cause == order.cause


def test_says_what_it_is() -> None:
    assert GOOD_HINT["mailwarden"] == "hint"
    assert GOOD_ORDER["mailwarden"] == "repair-order"
    assert GOOD_HINT["version"] == GOOD_ORDER["version"] == 1
    assert is_ours(GOOD_HINT)
    assert not is_ours({"detail-type": "AWS API Call via CloudTrail"})


def test_members_that_a_later_version_added_are_ignored() -> None:
    assert hint_from({**GOOD_HINT, "priority": 3}) == PoolHint(pool=SEOUL_POOL, cause=a_cause())


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"mailwarden": "alert"}, "the message is of kind 'alert', not hint"),
        ({"mailwarden": None}, "the message is of kind None, not hint"),
        ({"version": 2}, "the hint has version 2, this version reads 1"),
        ({"version": True}, "the hint has version True, this version reads 1"),
        ({"look_at": "moon"}, "hint.look_at is 'moon', not a subject of this version"),
        ({"look_at": 7}, "hint.look_at is 7, not a text"),
        ({"arn": None}, "hint.arn is None, not a text"),
        ({"arn": "arn:aws:s3:::bucket"}, "hint.arn: 'arn:aws:s3:::bucket' names neither a user pool"),
        ({"arn": OREGON_IDENTITY.arn}, "which is another kind of subject"),
        ({"look_at": "identity"}, "which is another kind of subject"),
        ({"look_at": "region"}, "hint.region is missing"),
        ({"look_at": "region", "region": "eu-west-1", "after": 3}, "hint.after is 3, not a text"),
        ({"cause": "somebody"}, "hint.cause is 'somebody', not an object"),
        ({"cause": {}}, "hint.cause.event_name is missing"),
        (
            {"cause": {**GOOD_HINT["cause"], "at": "2026-03-02T03:12:40"}},
            "hint.cause.at is .*, not an ISO 8601 time with its offset",
        ),
    ],
)
def test_says_what_is_wrong_with_a_hint_and_where(changed: dict[str, object], complaint: str) -> None:
    with pytest.raises(MalformedMessage, check=says(complaint)):
        hint_from({**GOOD_HINT, **changed})


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"mailwarden": "hint"}, "the message is of kind 'hint', not repair-order"),
        ({"pool": OREGON_IDENTITY.arn}, "repair-order.pool .* another kind of subject"),
        ({"rule": ["MW401"]}, "repair-order.rule is a list, not a text"),
        ({"looked_at": "soon"}, "repair-order.looked_at is 'soon', not an ISO 8601 time"),
        ({"change_digest": None}, "repair-order.change_digest is None, not a text"),
    ],
)
def test_says_what_is_wrong_with_an_order_and_where(changed: dict[str, object], complaint: str) -> None:
    with pytest.raises(MalformedMessage, check=says(complaint)):
        order_from_body(json.dumps({**GOOD_ORDER, **changed}))


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "message is a list, not an object"),
        ('"hint"', "message is 'hint', not an object"),
    ],
)
def test_says_what_is_wrong_with_a_body(body: str, complaint: str) -> None:
    with pytest.raises(MalformedMessage, check=says(complaint)):
        json_object(body)


def test_does_not_repeat_a_long_value_in_its_complaint() -> None:
    with pytest.raises(MalformedMessage) as caught:
        hint_from({**GOOD_HINT, "look_at": "x" * 10_000})

    assert len(sentence(caught.value)) < 200
