"""SES tells what became of mail: to the default bus and to topics, for whoever asked, and in which shape."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, unique
from tests.sandbox.mail.feedback.listeners import EVERYTHING, configuration_set, on_bus, on_topic, send

REGION = "eu-west-1"
SENDER = "noreply@feedback.example"


@pytest.fixture(autouse=True)
def _sender(sandbox: Sandbox) -> Iterator[None]:
    sandbox.identity(SENDER, REGION)
    yield
    sandbox.control("DELETE", "ses/recipients")


def test_a_bounce_is_told_in_the_shape_of_event_publishing(sandbox: Sandbox) -> None:
    name, address = configuration_set(sandbox, REGION, "BOUNCE"), f"{unique('gone')}@customer.example"
    listener = on_bus(sandbox, REGION, name)
    sandbox.control("POST", "ses/recipients", {"pattern": address, "outcome": "bounce"})

    message_id = send(sandbox, REGION, f"Shop <{SENDER}>", address, name)

    [event] = listener.heard(1)
    assert (event["source"], event["region"], event["account"]) == ("aws.ses", REGION, sandbox.account)
    assert event["resources"] == [f"arn:aws:ses:{REGION}:{sandbox.account}:configuration-set/{name}"]
    detail = event["detail"]
    assert detail["eventType"] == "Bounce"
    mail = detail["mail"]
    assert mail["timestamp"].endswith("Z")
    assert (mail["messageId"], mail["source"], mail["destination"]) == (message_id, f"Shop <{SENDER}>", [address])
    assert mail["sourceArn"] == f"arn:aws:ses:{REGION}:{sandbox.account}:identity/{SENDER}"
    assert (mail["sendingAccountId"], mail["commonHeaders"]["subject"]) == (sandbox.account, "Hello")
    assert mail["tags"] == {
        "ses:source-ip": ["127.0.3.0"],
        "ses:from-domain": ["feedback.example"],
        "ses:caller-identity": ["root"],
        "ses:configuration-set": [name],
    }
    bounce = detail["bounce"]
    assert (bounce["bounceType"], bounce["bounceSubType"]) == ("Permanent", "General")
    assert bounce["bouncedRecipients"] == [
        {
            "emailAddress": address,
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        }
    ]
    assert (bool(bounce["feedbackId"]), bounce["timestamp"] >= mail["timestamp"]) == (True, True)


@pytest.mark.parametrize(
    ("outcome", "member", "content"),
    [
        ("soft_bounce", "bounce", {"bounceType": "Transient", "bounceSubType": "General"}),
        ("automatic_reply", "bounce", {"bounceType": "Transient", "bounceSubType": "General"}),
        ("suppressed_globally", "bounce", {"bounceType": "Permanent", "bounceSubType": "Suppressed"}),
        ("complaint", "complaint", {"complaintSubType": None, "complaintFeedbackType": "abuse"}),
        ("reject", "reject", {"reason": "Bad content"}),
        ("rendering_failure", "failure", {"templateName": "template"}),
        ("delay", "deliveryDelay", {"delayType": "TransientCommunicationFailure"}),
    ],
)
def test_what_else_is_told(outcome: str, member: str, content: dict[str, Any], sandbox: Sandbox) -> None:
    name, address = configuration_set(sandbox, REGION, *EVERYTHING), f"{unique('x')}@customer.example"
    listener = on_bus(sandbox, REGION, name)
    sandbox.control("POST", "ses/recipients", {"pattern": address, "outcome": outcome})

    send(sandbox, REGION, SENDER, address, name)

    number = {"reject": 1, "rendering_failure": 1, "complaint": 3, "automatic_reply": 3}.get(outcome, 2)
    last = listener.heard(number)[-1]["detail"]
    assert {key: last[member][key] for key in content} == content
    types = {"failure": "Rendering Failure", "deliveryDelay": "DeliveryDelay"}
    assert last["eventType"] == types.get(member, member.capitalize())


def test_only_enabled_destinations_hear_and_only_of_matching_types(sandbox: Sandbox) -> None:
    quiet = configuration_set(sandbox, REGION, "COMPLAINT")
    disabled = configuration_set(sandbox, REGION, *EVERYTHING)
    bus = {"EventBusArn": f"arn:aws:events:{REGION}:{sandbox.account}:event-bus/default"}
    sandbox.client("sesv2", REGION).update_configuration_set_event_destination(
        ConfigurationSetName=disabled,
        EventDestinationName="bus",
        EventDestination={"Enabled": False, "MatchingEventTypes": EVERYTHING, "EventBridgeDestination": bus},
    )
    listeners = [on_bus(sandbox, REGION, name) for name in (quiet, disabled)]

    for name in (quiet, disabled):
        send(sandbox, REGION, SENDER, "bounce@simulator.amazonses.com", name)

    assert all(listener.heard_nothing() for listener in listeners)


def test_only_the_default_bus_can_be_a_destination(sandbox: Sandbox) -> None:
    name = configuration_set(sandbox, REGION)
    bus = {"EventBusArn": f"arn:aws:events:{REGION}:{sandbox.account}:event-bus/other"}

    with pytest.raises(ClientError) as error:
        sandbox.client("sesv2", REGION).create_configuration_set_event_destination(
            ConfigurationSetName=name,
            EventDestinationName="bus",
            EventDestination={"Enabled": True, "MatchingEventTypes": ["BOUNCE"], "EventBridgeDestination": bus},
        )

    assert error.value.response["Error"]["Code"] == "BadRequestException"


def test_a_pool_s_mail_goes_through_the_identity_s_default_set(sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    name, sender = configuration_set(sandbox, REGION, "BOUNCE"), f"{unique('noreply')}@shop.example"
    arn = sandbox.identity(sender, REGION, configuration_set=name)
    _, client = sandbox.pool("ap-northeast-2", {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn})
    listener = on_bus(sandbox, REGION, name)
    sandbox.control("POST", "ses/recipients", {"pattern": "*@pool-bounce.example", "outcome": "bounce"})

    address = sandbox.sign_up("ap-northeast-2", client, f"{unique('user')}@pool-bounce.example")

    [event] = listener.heard(1)
    assert event["detail"]["mail"]["destination"] == [address]
    assert event["detail"]["mail"]["tags"]["ses:caller-identity"] == ["AWSServiceRoleForAmazonCognitoIdpEmailService"]
    assert sandbox.lost_to(address)[0]["message_id"] == event["detail"]["mail"]["messageId"]


def test_mail_of_the_default_sender_is_beyond_all_feedback(sandbox: Sandbox) -> None:
    _, client = sandbox.pool(REGION)
    sandbox.control("POST", "ses/recipients", {"pattern": "*@default-bounce.example", "outcome": "bounce"})

    address = sandbox.sign_up(REGION, client, f"{unique('user')}@default-bounce.example")

    assert len(sandbox.mail_to(address)) == 1
    ses = sandbox.client("sesv2", REGION)
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_suppressed_destination(EmailAddress=address)


def test_a_topic_hears_the_same_record_where_its_policy_admits_ses(sandbox: Sandbox) -> None:
    name = configuration_set(sandbox, REGION)
    set_arn = f"arn:aws:ses:{REGION}:{sandbox.account}:configuration-set/{name}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "*",
        "Condition": {"StringEquals": {"AWS:SourceAccount": sandbox.account, "AWS:SourceArn": set_arn}},
    }
    other = statement | {"Condition": {"StringEquals": {"AWS:SourceArn": f"{set_arn}-other"}}}
    open_topic, heard = on_topic(sandbox, REGION, policy={"Version": "2012-10-17", "Statement": [statement]})
    closed_topic, unheard = on_topic(sandbox, REGION, policy={"Version": "2012-10-17", "Statement": [other]})
    full_topic, dropped = on_topic(sandbox, REGION, queue_admits=False)
    for number, topic in enumerate((open_topic, closed_topic, full_topic)):
        sandbox.client("sesv2", REGION).create_configuration_set_event_destination(
            ConfigurationSetName=name,
            EventDestinationName=f"topic-{number}",
            EventDestination={
                "Enabled": True,
                "MatchingEventTypes": ["COMPLAINT"],
                "SnsDestination": {"TopicArn": topic},
            },
        )

    send(sandbox, REGION, SENDER, "complaint@simulator.amazonses.com", name)

    [record] = heard.heard(1)
    assert (record["eventType"], "notificationType" in record) == ("Complaint", False)
    assert record["complaint"]["complainedRecipients"] == [{"emailAddress": "complaint@simulator.amazonses.com"}]
    assert unheard.heard_nothing()
    assert dropped.heard_nothing()


@pytest.mark.parametrize(
    ("kind", "recipient", "member"),
    [
        ("Bounce", "bounce@simulator.amazonses.com", "bounce"),
        ("Complaint", "complaint@simulator.amazonses.com", "complaint"),
        ("Delivery", "success@simulator.amazonses.com", "delivery"),
    ],
)
def test_an_identity_s_feedback_topic_needs_no_configuration_set(
    kind: str, recipient: str, member: str, sandbox: Sandbox
) -> None:
    sender = f"{unique('noreply')}@shop.example"
    arn = sandbox.identity(sender, REGION)
    topic, listener = on_topic(sandbox, REGION)
    ses = sandbox.client("ses", REGION)
    ses.set_identity_notification_topic(Identity=sender, NotificationType=kind, SnsTopic=topic)

    send(sandbox, REGION, sender, recipient)

    [notification] = listener.heard(1)
    assert (notification["notificationType"], "eventType" in notification) == (kind, False)
    assert (notification["mail"]["sourceArn"], notification["mail"]["destination"]) == (arn, [recipient])
    assert ("tags" in notification["mail"], member in notification) == (False, True)
    found = ses.get_identity_notification_attributes(Identities=[sender])["NotificationAttributes"][sender]
    assert found[f"{kind}Topic"] == topic
    ses.set_identity_notification_topic(Identity=sender, NotificationType=kind)
    send(sandbox, REGION, sender, recipient)
    assert listener.heard_nothing()


def test_sets_and_destinations_of_a_stack_tell_too(sandbox: Sandbox) -> None:
    stack = unique("feedback")
    bus = {"Fn::Sub": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default"}
    template = {
        "Resources": {
            "Set": {
                "Type": "AWS::SES::ConfigurationSet",
                "Properties": {
                    "Name": stack,
                    "ReputationOptions": {"ReputationMetricsEnabled": True},
                    "SuppressionOptions": {"SuppressedReasons": ["COMPLAINT"]},
                },
            },
            "Destination": {
                "Type": "AWS::SES::ConfigurationSetEventDestination",
                "Properties": {
                    "ConfigurationSetName": {"Ref": "Set"},
                    "EventDestination": {
                        "Name": "bus",
                        "Enabled": True,
                        "MatchingEventTypes": ["bounce", "complaint", "deliveryDelay", "renderingFailure"],
                        "EventBridgeDestination": {"EventBusArn": bus},
                    },
                },
            },
        }
    }
    cloudformation = sandbox.client("cloudformation", REGION)
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    listener = on_bus(sandbox, REGION, stack)
    sandbox.control("POST", "ses/recipients", {"pattern": "*@stack.example", "outcome": "bounce"})
    address = f"{unique('gone')}@stack.example"

    for _ in range(2):
        send(sandbox, REGION, SENDER, address, stack)

    ses = sandbox.client("sesv2", REGION)
    [found] = ses.get_configuration_set_event_destinations(ConfigurationSetName=stack)["EventDestinations"]
    assert found["MatchingEventTypes"] == ["BOUNCE", "COMPLAINT", "DELIVERY_DELAY", "RENDERING_FAILURE"]
    subtypes = [event["detail"]["bounce"]["bounceSubType"] for event in listener.heard(2)]
    assert subtypes == ["General", "General"]  # the set does not suppress bounces
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_configuration_set(ConfigurationSetName=stack)
