"""Reading the event of a call in which Cognito could not send."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.inbound.cloudtrail.delivery_failures import FailedDelivery, failed_delivery
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent
from tests.unit.inbound.example_events import ACCOUNT, EVENTS, bent, example, failing_calls, without

CLIENT = "4exampleclient0000000000000"
AT = datetime(2026, 3, 2, 11, 59, 41, tzinfo=UTC)
TOLD: dict[str, tuple[str | None, str | None]] = {
    "cognito-idp.admin-create-user.not-sent": ("ap-northeast-2_EXAMPLE01", None),
    "cognito-idp.forgot-password.not-sent": (None, CLIENT),
    "cognito-idp.get-user-attribute-verification-code.not-sent": (None, None),
    "cognito-idp.sign-up.daily-limit": (None, CLIENT),
    "cognito-idp.sign-up.not-sent": (None, CLIENT),
    "cognito-idp.sign-up.not-sent.hidden-client": (None, None),
    "cognito-idp.update-user-attributes.not-sent": (None, None),
}


def read(event: object) -> FailedDelivery:
    return failed_delivery(event, account=ACCOUNT)


@pytest.mark.parametrize("name", TOLD)
def test_an_event_names_its_pool_or_its_client_or_neither(name: str) -> None:
    failed = read(example(name))

    assert (failed.pool_id, failed.client_id) == TOLD[name]
    assert failed.region == "ap-northeast-2"
    assert failed.at == AT
    assert failed.code.endswith("Exception")


def test_every_example_is_in_the_table_or_failed_for_another_reason() -> None:
    refused = {"cognito-idp.sign-up.attempt-limit.refused", "cognito-idp.sign-up.refused"}
    assert set(failing_calls()) == {*TOLD, *refused}
    for name in refused:
        with pytest.raises(ForeignEvent):
            read(example(name))


@pytest.mark.parametrize("name", TOLD)
def test_only_the_text_of_the_daily_limit_is_one(name: str) -> None:
    assert read(example(name)).at_daily_limit is (name == "cognito-idp.sign-up.daily-limit")


@pytest.mark.parametrize(
    "text", ["Attempt limit exceeded, please try after some time.", "", None, 7, "exceeded daily email limit"]
)
def test_another_text_of_the_same_error_is_no_failed_delivery(text: object) -> None:
    with pytest.raises((ForeignEvent, MalformedEvent)):
        read(bent(example("cognito-idp.sign-up.daily-limit"), "detail.errorMessage", text))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("detail.errorCode", "UsernameExistsException"),
        ("detail.eventName", "UpdateUserPool"),
        ("account", "444455556666"),
        ("source", "aws.ses"),
        ("detail-type", "AWS Service Event via CloudTrail"),
    ],
)
def test_an_event_that_our_rule_does_not_match_is_refused(member: str, value: str) -> None:
    with pytest.raises(ForeignEvent):
        read(bent(example("cognito-idp.sign-up.not-sent"), member, value))


@pytest.mark.parametrize("code", ["InvalidEmailRoleAccessPolicy", "CodeDeliveryFailure"])
def test_a_code_without_its_ending_is_understood(code: str) -> None:
    assert read(bent(example("cognito-idp.sign-up.not-sent"), "detail.errorCode", code)).code == code


@pytest.mark.parametrize("member", ["region", "detail", "detail.eventName", "detail.errorCode", "account"])
def test_an_event_without_a_required_member_is_malformed(member: str) -> None:
    with pytest.raises(MalformedEvent):
        read(without(example("cognito-idp.sign-up.not-sent"), member))


def test_an_event_of_no_region_or_without_any_time_is_malformed() -> None:
    event = example("cognito-idp.sign-up.not-sent")

    with pytest.raises(MalformedEvent):
        read(bent(event, "region", "mars"))
    with pytest.raises(MalformedEvent):
        read(without(without(event, "time"), "detail.eventTime"))


@pytest.mark.parametrize(
    "parameters", [None, "HIDDEN_DUE_TO_SECURITY_REASONS", [], {"clientId": 7}, {"userPoolId": "x"}]
)
def test_unreadable_parameters_name_nothing(parameters: object) -> None:
    failed = read(bent(example("cognito-idp.sign-up.not-sent"), "detail.requestParameters", parameters))

    assert (failed.pool_id, failed.client_id) == (None, None)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ),
    member=st.sampled_from(
        ["detail", "detail.requestParameters", "detail.eventTime", "time", "region", "detail.userIdentity", "account"]
    ),
)
@settings(max_examples=200, deadline=None)
def test_any_event_is_read_or_refused(value: object, member: str) -> None:
    event = bent(example("cognito-idp.admin-create-user.not-sent"), member, value)

    try:
        failed = read(event)
    except (ForeignEvent, MalformedEvent):
        return
    assert failed.region == "ap-northeast-2" or member == "region"


def test_a_batch_of_the_signals_queue_is_understood() -> None:
    records = json.loads((EVENTS / "invoke.tally.delivery-failures.json").read_text(encoding="utf-8"))["Records"]

    assert [read(json.loads(record["body"])).call for record in records] == [
        "SignUp",
        "SignUp",
        "ForgotPassword",
        "AdminCreateUser",
        "UpdateUserAttributes",
    ]
