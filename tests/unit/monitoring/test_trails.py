"""Whether a trail records the writes of a service: its selectors, its logging, its regions."""

import pytest

from mailwarden.domain.monitoring.trails import EventSelector, FieldSelector, Recording, Trail, heard_by
from mailwarden.domain.readings import Unreadable
from tests.builders import unread
from tests.texts import english
from tests.unit.monitoring.trails import COGNITO, IAM, SES, fields, read_only, source, trail

DENIED = unread("cloudtrail:GetEventSelectors", reason="AccessDenied")
DATA = EventSelector(fields=(FieldSelector(field="eventCategory", equals=("Data",)),))
BY_NAME = FieldSelector(field="eventName", not_equals=("PutIdentityPolicy",))


@pytest.mark.parametrize(
    ("selector", "of_cognito", "of_ses"),
    [
        (fields(), "yes", "yes"),
        (fields(a=read_only("false")), "yes", "yes"),
        (fields(a=read_only("true")), "no", "no"),
        (DATA, "no", "no"),
        (fields(a=source(equals=(SES,))), "no", "yes"),
        (fields(a=source(not_equals=("kms.amazonaws.com", SES))), "yes", "no"),
        (fields(a=source(starts_with=("cognito",))), "yes", "no"),
        (fields(a=source(starts_with=("cognito", "ses."))), "yes", "yes"),
        (fields(a=source(not_ends_with=(".amazonaws.com",))), "no", "no"),
        (fields(a=source(ends_with=(".amazonaws.com",), not_starts_with=("ses",))), "yes", "no"),
        (fields(a=FieldSelector(field="eventType", equals=("AwsApiCall",))), "yes", "yes"),
        (fields(a=FieldSelector(field="eventType", equals=("AwsServiceEvent",))), "no", "no"),
        (fields(a=BY_NAME), "unknown", "unknown"),
        (fields(a=BY_NAME, b=source(equals=(SES,))), "no", "unknown"),
        (fields(a=FieldSelector(field="userIdentity.arn", not_starts_with=("arn:aws:iam",))), "unknown", "unknown"),
    ],
)
def test_a_selector_takes_what_passes_all_of_its_fields(selector: EventSelector, of_cognito: str, of_ses: str) -> None:
    assert selector.takes_writes_of(COGNITO) == of_cognito
    assert selector.takes_writes_of(SES) == of_ses


@pytest.mark.parametrize(
    ("given", "recording", "reason"),
    [
        (trail(), "yes", ""),
        (trail(home_region="eu-west-1", multi_region=False), "yes", ""),
        (trail(multi_region=False), "no", "it records us-east-1 only"),
        (trail(logging=False), "no", "its logging is stopped"),
        (trail(selectors=()), "no", "leave out the writes of ses.amazonaws.com"),
        (trail(selectors=(DATA, fields(a=source(equals=(SES,))))), "yes", ""),
        (trail(selectors=(fields(a=BY_NAME), fields())), "yes", ""),
        (trail(selectors=(fields(a=BY_NAME), DATA)), "unknown", "take some writes of ses.amazonaws.com only"),
        (trail(selectors=DENIED), "unknown", "AccessDenied: cloudtrail:GetEventSelectors"),
        (trail(selectors=DENIED, organization=True), "unknown", "it belongs to the organization"),
        (trail(selectors=DENIED, logging=False), "no", "its logging is stopped"),
        (trail(logging=DENIED), "unknown", "AccessDenied"),
        (trail(logging=DENIED, selectors=(DATA,)), "no", "leave out"),
        (trail(logging=DENIED, multi_region=False), "no", "us-east-1 only"),
    ],
)
def test_a_trail_records_or_says_why_not(given: Trail, recording: str, reason: str) -> None:
    heard = heard_by(given, SES, "eu-west-1")

    assert heard.recording == recording
    assert reason in english(heard.reason)
    assert bool(heard.reason) == (recording != "yes")


@pytest.mark.parametrize(("global_events", "recording"), [(True, Recording.YES), (False, Recording.NO)])
def test_the_calls_of_iam_are_recorded_by_a_trail_with_global_services(
    global_events: bool, recording: Recording
) -> None:
    given = trail(global_events=global_events)

    assert heard_by(given, IAM, "us-east-1").recording is recording
    assert heard_by(given, SES, "us-east-1").recording is Recording.YES


def test_nothing_that_is_unread_counts_as_recorded() -> None:
    unreadable: tuple[Unreadable | bool, ...] = (DENIED, True)

    for logging in unreadable:
        for selectors in (DENIED, (fields(),)):
            heard = heard_by(trail(logging=logging, selectors=selectors), SES, "eu-west-1")
            assert (heard.recording is Recording.YES) == (logging is True and selectors is not DENIED)
