"""Reading the record of a failed mail on every route, without its recipients."""

import json
from datetime import UTC, date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef
from mailwarden.domain.reputation.mail_events import MailEvent
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent
from mailwarden.inbound.ses.envelopes import NothingToCount
from mailwarden.inbound.ses.signals import Signal, signal_from
from mailwarden.inbound.sqs.batch import NOT_UNDERSTOOD
from mailwarden.queue_messages.codec import MalformedMessage
from tests.fakes.tally import DELIVERY_FAILURES, FEEDBACK
from tests.texts import says
from tests.unit.inbound.example_events import ACCOUNT, EVENTS, Event, bent, example, ses_statement, without
from tests.unit.inbound.test_cloudtrail_properties import JSON, TEXTS

IDENTITY = IdentityRef(partition="aws", region="us-west-2", account=ACCOUNT, name="example.com")
SET = ConfigurationSetRef(partition="aws", region="us-west-2", account=ACCOUNT, name="transactional")
OUTCOMES = {
    "ses.email-bounced": "Bounce/Permanent/General",
    "ses.email-complaint-received": "Complaint",
    "ses.email-delivery-delayed": "DeliveryDelay/TransientCommunicationFailure",
    "ses.email-rejected": "Reject",
    "ses.email-rendering-failed": "RenderingFailure",
    "sns.ses-event-publishing": "Bounce/Permanent/General",
    "sns.ses-identity-feedback": "Bounce/Permanent/General",
}
NOTHING = {"ses.email-sent": "Send", "sns.subscription-confirmation": "SubscriptionConfirmation"}
BOUNCED = example("ses.email-bounced")


def read(message: object) -> Signal:
    body = message if isinstance(message, str) else json.dumps(message)
    return signal_from(body, queue=FEEDBACK, account=ACCOUNT, partition="aws")


def event_in(message: object) -> MailEvent:
    found = read(message)
    assert isinstance(found, MailEvent)
    return found


def through_sns(record: object, **members: object) -> Event:
    envelope: dict[str, Any] = {**example("sns.ses-event-publishing"), **members}
    return {**envelope, "Message": json.dumps(record)}


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_example_is_one_event_of_the_mail_of_an_identity_and_an_address(name: str) -> None:
    event = event_in(example(name))

    assert event.outcome == OUTCOMES[name]
    assert event.at.astimezone(UTC).date() == date(2026, 3, 2)
    assert event.identity == IDENTITY
    assert event.sender == "no-reply@example.com"
    assert event.configuration_set == (None if name == "sns.ses-identity-feedback" else SET)


@pytest.mark.parametrize("name", NOTHING)
def test_deliveries_and_subscription_messages_are_nothing_to_count(name: str) -> None:
    assert read(example(name)) == NothingToCount(what=NOTHING[name])


@pytest.mark.parametrize(
    "message",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        {**example("sns.ses-event-publishing"), "Message": "Successfully validated SNS topic for Amazon SES events."},
        through_sns(
            {"notificationType": "AmazonSnsSubscriptionSucceeded", "message": "You have subscribed your topic"}
        ),
        through_sns({"eventType": "Subscription", "mail": {}}),
        through_sns({"eventType": "Something New", "mail": {}}),
        {"notificationType": "Delivery", "mail": {}},
        {"Type": "UnsubscribeConfirmation", "Message": "You have chosen to deactivate a subscription."},
    ],
)
def test_other_messages_of_ses_and_sns_are_nothing_to_count(message: object) -> None:
    assert isinstance(read(message), NothingToCount)


def test_every_example_of_ses_is_in_a_table_here_or_a_notice() -> None:
    told = {name for name in ses_statement() if not name.startswith(("ses.advisor-", "ses.sending-"))}

    assert told == {*OUTCOMES, *NOTHING}


def test_one_bounce_is_one_event_by_eventbridge_by_sns_as_it_is_and_as_feedback() -> None:
    ways = [BOUNCED, BOUNCED["detail"], example("sns.ses-event-publishing"), example("sns.ses-identity-feedback")]

    assert len({event_in(each).key for each in ways}) == 1


@pytest.mark.parametrize(
    ("name", "member", "value"),
    [
        ("ses.email-bounced", "detail.mail.messageId", "another"),
        ("ses.email-bounced", "detail.bounce.feedbackId", "another"),
        ("ses.email-complaint-received", "detail.complaint.feedbackId", "another"),
        ("ses.email-delivery-delayed", "detail.deliveryDelay.timestamp", "2026-03-02T12:30:00.000Z"),
        ("ses.email-rejected", "detail.mail.messageId", "another"),
    ],
)
def test_another_mail_another_recipient_or_another_delay_is_another_event(name: str, member: str, value: str) -> None:
    assert event_in(bent(example(name), member, value)).key != event_in(example(name)).key


def test_an_event_of_a_mail_by_eventbridge_and_then_by_a_topic_is_that_event() -> None:
    assert event_in(through_sns(BOUNCED)).key == event_in(BOUNCED).key


def test_a_failed_call_by_a_topic_is_refused_even_in_the_queue_of_failed_calls() -> None:
    body = json.dumps(through_sns(example("cognito-idp.sign-up.not-sent")))

    with pytest.raises(ForeignEvent, check=says("came by an SNS topic")):
        signal_from(body, queue=DELIVERY_FAILURES, account=ACCOUNT, partition="aws")


def test_a_time_is_the_same_however_it_is_written() -> None:
    delayed = example("ses.email-delivery-delayed")
    elsewhere = bent(delayed, "detail.deliveryDelay.timestamp", "2026-03-02T13:04:39+01:00")

    assert event_in(elsewhere).key == event_in(delayed).key


def test_the_day_is_that_of_the_bounce_else_of_the_mail_else_of_the_envelope() -> None:
    late = bent(BOUNCED, "detail.bounce.timestamp", "2026-03-04T00:30:00+02:00")
    without_its_own = without(late, "detail.bounce.timestamp")
    without_any = without(without_its_own, "detail.mail.timestamp")

    assert event_in(late).at.astimezone(UTC).date() == date(2026, 3, 3)
    assert event_in(without_its_own).at.astimezone(UTC).date() == date(2026, 3, 2)
    assert event_in(bent(without_any, "time", "2026-03-05T00:00:00Z")).at.astimezone(UTC).date() == date(2026, 3, 5)
    assert event_in(through_sns(without_any["detail"], Timestamp="2026-03-06T00:00:00.000Z")).at.astimezone(
        UTC
    ).date() == date(2026, 3, 6)
    with pytest.raises(MalformedEvent, check=says("a time that can be read")):
        read(bent(without_any, "time", None))


@pytest.mark.parametrize(
    ("member", "value", "outcome"),
    [
        ("detail.bounce.bounceType", None, "Bounce/Unknown/General"),
        ("detail.bounce.bounceType", "Sticky bounce!", "Bounce/Stickybounce/General"),
        ("detail.bounce.bounceSubType", ["General"], "Bounce/Permanent/Unknown"),
        ("detail.bounce.bounceSubType", "x" * 300, f"Bounce/Permanent/{'x' * 40}"),
        ("detail.bounce", "hard", "Bounce/Unknown/Unknown"),
        ("detail.eventType", None, "Bounce/Permanent/General"),
    ],
)
def test_an_outcome_is_made_of_plain_words(member: str, value: object, outcome: str) -> None:
    assert event_in(bent(BOUNCED, member, value)).outcome == outcome


def test_a_complaint_about_a_suppressed_address_has_its_subtype() -> None:
    suppressed = bent(
        example("ses.email-complaint-received"), "detail.complaint.complaintSubType", "OnAccountSuppressionList"
    )

    assert event_in(suppressed).outcome == "Complaint/OnAccountSuppressionList"


@pytest.mark.parametrize(
    ("source", "headers", "sender"),
    [
        ("No-Reply@Example.com", None, "No-Reply@Example.com"),
        ("=?UTF-8?B?7IO1?= <no-reply@example.com>", None, "no-reply@example.com"),
        (None, {"from": ['"Shop, Ltd" <a@example.com>']}, "a@example.com"),
        ("undisclosed", {"from": "a@example.com"}, "a@example.com"),
        (7, {"from": [7]}, None),
        ("a@example.com, b@example.com", None, None),
        (None, None, None),
    ],
)
def test_the_sender_is_the_source_else_the_from_header(source: object, headers: object, sender: str | None) -> None:
    event = bent(bent(BOUNCED, "detail.mail.source", source), "detail.mail.commonHeaders", headers)

    assert event_in(event).sender == sender


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("account", "444455556666"),
        ("account", None),
        ("source", "aws.cognito-idp"),
    ],
)
def test_an_event_of_another_account_is_refused(member: str, value: object) -> None:
    with pytest.raises(ForeignEvent, check=says(r"event\.")):
        read(bent(BOUNCED, member, value))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("detail.mail.sendingAccountId", "444455556666"),
        ("detail.mail.sourceArn", "arn:aws:ses:us-west-2:444455556666:identity/example.com"),
        ("detail.mail.sourceArn", "arn:aws:ses:eu-west-1:444455556666:identity/example.com"),
        ("detail.mail.sourceArn", "arn:aws-cn:ses:us-west-2:123456789012:identity/example.com"),
    ],
)
def test_mail_by_sending_authorization_of_or_for_another_account_is_nothing_to_count(member: str, value: str) -> None:
    event = bent(BOUNCED, member, value)

    told = [read(event), read(through_sns(event["detail"]))]

    assert told == [NothingToCount(what="mail of another account")] * 2


@pytest.mark.parametrize(
    ("member", "value", "named"),
    [
        ("region", None, "event.region"),
        ("region", "mars", "event.region"),
        ("region", "eu-west-1", "us-west-2"),
        ("detail.mail.sourceArn", "example.com", "sourceArn"),
        ("detail.mail.sourceArn", "arn:aws:ses:*:123456789012:identity/example.com", "sourceArn"),
        ("detail.mail", None, "messageId"),
    ],
)
def test_a_record_that_cannot_be_counted_names_its_error(member: str, value: object, named: str) -> None:
    event = bent(bent(BOUNCED, "detail.bounce.feedbackId", None), member, value)

    with pytest.raises(MalformedEvent, check=says(named)):
        read(event)


def test_a_record_through_sns_without_a_region_is_refused() -> None:
    with pytest.raises(MalformedEvent, check=says("sourceArn is missing")):
        read(through_sns(without(BOUNCED, "detail.mail.sourceArn")["detail"]))


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "[" * 100_000,
        "[]",
        "{}",
        '{"Type": "Notification"}',
        '{"Type": ["Notification"], "Message": "{}"}',
        '{"Type": "Notification", "Message": "hello"}',
        '{"Type": "Notification", "Message": "{}"}',
    ],
)
def test_a_message_of_no_known_form_is_refused(body: str) -> None:
    with pytest.raises(MalformedMessage):
        read(body)


@pytest.mark.parametrize("name", OUTCOMES)
def test_no_address_of_a_recipient_is_stored(name: str) -> None:
    kept = repr(read(example(name)))

    assert "simulator" not in kept
    assert "jane" not in kept


@given(
    value=JSON,
    member=st.sampled_from(
        [
            *("account", "region", "time", "detail", "detail-type", "detail.mail", "detail.bounce", "detail.eventType"),
            *(f"detail.mail.{name}" for name in ("source", "sourceArn", "messageId", "tags", "commonHeaders")),
            *(f"detail.bounce.{name}" for name in ("bounceType", "bounceSubType", "feedbackId", "timestamp")),
            *("detail.mail.timestamp", "detail.mail.sendingAccountId", "detail.mail.commonHeaders.from"),
            "detail.mail.tags.ses:configuration-set",
        ]
    ),
    wrapped=st.booleans(),
)
@settings(max_examples=400, deadline=None)
def test_any_event_is_read_or_refused(value: object, member: str, wrapped: bool) -> None:
    event = bent(BOUNCED, member, value)

    try:
        found = read(through_sns(event["detail"]) if wrapped else event)
    except NOT_UNDERSTOOD:
        return
    if isinstance(found, MailEvent):
        assert len(found.key) == 64
        assert all(word.isascii() and word.isalnum() for word in found.outcome.split("/"))
        assert found.account.account == ACCOUNT


@given(body=TEXTS | JSON.map(json.dumps))
@settings(max_examples=200, deadline=None)
def test_any_text_is_refused_or_nothing_to_count(body: str) -> None:
    try:
        found = read(body)
    except NOT_UNDERSTOOD:
        return
    assert isinstance(found, NothingToCount)


def test_the_batch_of_the_feedback_queue_is_understood() -> None:
    records = json.loads((EVENTS / "invoke.tally.feedback.json").read_text(encoding="utf-8"))["Records"]

    assert [type(read(record["body"])).__name__ for record in records] == [
        *["MailEvent"] * 5,
        "NothingToCount",
        *["SesStatement"] * 2,
    ]
