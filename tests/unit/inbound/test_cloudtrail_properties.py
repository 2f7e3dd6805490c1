"""Whatever arrives: an answer or one of two refusals, nothing of another account, nothing that cannot be sent on."""

import contextlib
import copy
import json

from hypothesis import given
from hypothesis import strategies as st

from mailwarden.domain.refs.hints import EverywhereHint, RegionHint
from mailwarden.domain.refs.resources import subject_from_arn
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent, hints_from_event
from mailwarden.queue_messages.codec import hint_body, hint_from, json_object
from tests.unit.inbound.example_events import ACCOUNT, Event, calls, example
from tests.unit.inbound.test_cloudtrail import name_of

TEXTS = st.text() | st.sampled_from(
    (
        "HIDDEN_DUE_TO_SECURITY_REASONS",
        "arn:aws:ses:us-west-2:123456789012:identity/a@b.example",
        "arn:aws:cognito-idp:eu-west-3:123456789012:userpool/eu-west-3_A",
        "us-west-2",
        "%ff%00",
        "\ud800",
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def bent_examples(draw: st.DrawFn) -> Event:
    """An example with up to three members, at any depth, replaced by anything or left out."""
    event = copy.deepcopy(example(draw(st.sampled_from(calls()))))
    for _ in range(draw(st.integers(min_value=1, max_value=3))):
        place: object = event
        while isinstance(place, dict) and place:
            member = draw(st.sampled_from(sorted(place)))
            inner = place[member]
            if isinstance(inner, dict) and inner and draw(st.booleans()):
                place = inner
                continue
            if draw(st.booleans()):
                place[member] = draw(JSON)
            else:
                del place[member]
            break
    return event


@given(event=JSON)
def test_any_json_is_refused_in_one_of_two_ways(event: object) -> None:
    with contextlib.suppress(ForeignEvent, MalformedEvent):
        assert not hints_from_event(event, account=ACCOUNT, partition="aws")


@given(event=bent_examples())
def test_a_bent_event_leads_to_hints_or_to_one_of_two_refusals(event: Event) -> None:
    try:
        hints = hints_from_event(event, account=ACCOUNT, partition="aws")
    except (ForeignEvent, MalformedEvent):
        return

    for hint in hints:
        if not isinstance(hint, RegionHint | EverywhereHint):
            assert subject_from_arn(name_of(hint)).account == ACCOUNT
        assert hint_from(json_object(hint_body(hint).encode().decode())) == hint


@given(event=bent_examples())
def test_a_call_that_failed_or_not_is_never_silence(event: Event) -> None:
    """Only a failed call, another service's role and things no mail passes through lead to no look at all."""
    try:
        hints = hints_from_event(event, account=ACCOUNT, partition="aws")
    except (ForeignEvent, MalformedEvent):
        return

    detail = event["detail"]
    named = {
        "CreateImportJob",
        "CreateServiceLinkedRole",
        "DeleteServiceLinkedRole",
        "TagResource",
        "UntagResource",
        "UpdateReputationEntityCustomerManagedStatus",
        "UpdateReputationEntityPolicy",
    }
    assert hints or detail.get("errorCode") is not None or detail.get("eventName") in named


@given(event=bent_examples())
def test_reading_an_event_leaves_it_as_it_was(event: Event) -> None:
    before = json.dumps(event, sort_keys=True, default=str)

    with contextlib.suppress(ForeignEvent, MalformedEvent):
        hints_from_event(event, account=ACCOUNT, partition="aws")

    assert json.dumps(event, sort_keys=True, default=str) == before
