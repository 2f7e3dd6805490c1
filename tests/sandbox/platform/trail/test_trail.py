"""Calls become CloudTrail records: looked up, and as events on the default bus of the call's region."""

import json
import time
from collections.abc import Iterator
from typing import Any, Self

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import ACCOUNT, SEOUL, Box, allow, document, eventually, look_up, unique

type Event = dict[str, Any]


@pytest.fixture
def tap(box: Box) -> Iterator["Tap"]:
    with Tap(box, SEOUL) as opened:
        yield opened


class Tap:
    """A queue behind a rule for everything, in one region."""

    def __init__(self, box: Box, region: str, *, state: str = "ENABLED") -> None:
        self.box, self.region, self.rule, self.state = box, region, unique("everything"), state
        self.sqs, self.events = box.client("sqs", region), box.client("events", region)

    def __enter__(self) -> Self:
        name = unique("tap")
        arn = f"arn:aws:sqs:{self.region}:{ACCOUNT}:{name}"
        pattern = json.dumps({"source": ["aws.cognito-idp", "aws.ses", "aws.iam"]})
        rule = self.events.put_rule(Name=self.rule, EventPattern=pattern, State=self.state)["RuleArn"]
        policy = document(
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
            }
        )
        self.url = self.sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
        self.events.put_targets(Rule=self.rule, Targets=[{"Id": "tap", "Arn": arn}])
        return self

    def __exit__(self, *_error: object) -> None:
        self.events.remove_targets(Rule=self.rule, Ids=["tap"])
        self.events.delete_rule(Name=self.rule)

    def named(self, name: str, *, wait: float = 10) -> list[Event]:
        """The events of this name that come first; none after the seconds of *wait*."""
        end = time.monotonic() + wait
        while time.monotonic() < end:
            received = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            events = [json.loads(message["Body"]) for message in received.get("Messages", [])]
            if found := [event for event in events if event["detail"]["eventName"] == name]:
                return found
        return []


def test_a_users_write_is_an_event_with_what_was_asked_and_by_whom(box: Box, tap: Tap) -> None:
    name, keys = box.user(allow("cognito-idp:*"))
    pool = box.client("cognito-idp", keys=keys).create_user_pool(PoolName="first")["UserPool"]["Id"]

    [event] = tap.named("CreateUserPool")

    assert (event["source"], event["region"], event["account"]) == ("aws.cognito-idp", SEOUL, ACCOUNT)
    assert event["detail-type"] == "AWS API Call via CloudTrail"
    detail = event["detail"]
    assert detail["eventSource"] == "cognito-idp.amazonaws.com"
    assert detail["requestParameters"] == {"poolName": "first"}
    assert detail["responseElements"]["userPool"]["id"] == pool
    assert detail["userIdentity"]["type"] == "IAMUser"
    assert detail["userIdentity"]["userName"] == name
    assert (detail["readOnly"], detail["managementEvent"], detail["eventCategory"]) == (False, True, "Management")
    assert "errorCode" not in detail


def test_an_assumed_role_is_shown_with_its_session_and_issuer(box: Box, tap: Tap) -> None:
    anybody = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    role = box.role(allow("ses:*"), trust=anybody)
    ses = box.session_of(role, "sesv2")

    ses.create_email_identity(EmailIdentity="a@example.com")

    [event] = tap.named("CreateEmailIdentity")
    identity = event["detail"]["userIdentity"]
    assert event["source"] == "aws.ses"
    assert event["detail"]["requestParameters"] == {"emailIdentity": "a@example.com"}
    assert identity["type"] == "AssumedRole"
    assert identity["arn"].endswith("/deploys")
    assert identity["sessionContext"]["sessionIssuer"]["arn"] == role


def test_both_versions_of_ses_are_recorded_under_one_source(box: Box, tap: Tap) -> None:
    box.client("sesv2").create_email_identity(EmailIdentity="b@example.com")

    box.client("ses").set_identity_feedback_forwarding_enabled(Identity="b@example.com", ForwardingEnabled=True)

    [event] = tap.named("SetIdentityFeedbackForwardingEnabled")
    assert event["detail"]["eventSource"] == "ses.amazonaws.com"
    assert event["detail"]["requestParameters"] == {"identity": "b@example.com", "forwardingEnabled": "true"}


def test_a_refused_call_is_an_event_with_an_error_and_null_parameters(box: Box, tap: Tap) -> None:
    _, keys = box.user(allow("sqs:*"))

    with pytest.raises(ClientError):
        box.client("ses", keys=keys).delete_identity(Identity="c@example.com")

    [event] = tap.named("DeleteIdentity")
    assert event["detail"]["errorCode"] == "AccessDenied"
    assert "not authorized" in event["detail"]["errorMessage"]
    assert event["detail"]["requestParameters"] is None


def test_a_failed_call_keeps_its_parameters(box: Box, tap: Tap) -> None:
    with pytest.raises(ClientError):
        box.client("cognito-idp").delete_user_pool(UserPoolId=f"{SEOUL}_absent")

    [event] = tap.named("DeleteUserPool")
    assert event["detail"]["errorCode"] == "ResourceNotFoundException"
    assert event["detail"]["requestParameters"] == {"userPoolId": f"{SEOUL}_absent"}


def test_reads_are_looked_up_and_are_events_only_for_a_rule_whose_state_asks_for_them(box: Box, tap: Tap) -> None:
    with Tap(box, SEOUL, state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") as reading_tap:
        box.client("cognito-idp").list_user_pools(MaxResults=1)

        [event] = reading_tap.named("ListUserPools")

    assert event["detail"]["readOnly"] is True
    assert tap.named("ListUserPools", wait=1) == []
    assert looked_up(box, "ListUserPools", SEOUL)["readOnly"] is True


def test_iam_is_recorded_in_one_region_with_its_odd_casing(box: Box) -> None:
    with Tap(box, "us-east-1") as tap:
        box.client("iam").create_service_linked_role(AWSServiceName="cognito-idp.amazonaws.com")

        [event] = tap.named("CreateServiceLinkedRole")

    assert event["region"] == "us-east-1"
    assert event["detail"]["requestParameters"] == {"aWSServiceName": "cognito-idp.amazonaws.com"}
    # Other tests call it, too, and the history shows a call later than EventBridge does.
    assert eventually(lambda: event["detail"]["eventID"] in looked_up_ids(box, "CreateServiceLinkedRole", "us-east-1"))


def test_nothing_is_an_event_while_no_trail_logs(box: Box, tap: Tap) -> None:
    trail = box.client("cloudtrail")
    trail.stop_logging(Name="management-events")
    try:
        box.client("cognito-idp").create_user_pool(PoolName="unheard")

        assert tap.named("CreateUserPool", wait=1) == []
        assert eventually(lambda: looked_up(box, "CreateUserPool", SEOUL))
    finally:
        trail.start_logging(Name="management-events")


def test_what_cloudformation_does_to_a_pool_is_recorded_as_its_doing(box: Box, tap: Tap) -> None:
    template = {"Resources": {"Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "stacked"}}}}

    box.client("cloudformation").create_stack(StackName=unique("stack"), TemplateBody=json.dumps(template))

    [event] = tap.named("CreateUserPool")
    assert event["detail"]["userIdentity"]["invokedBy"] == "cloudformation.amazonaws.com"
    assert event["detail"]["userAgent"] == "cloudformation.amazonaws.com"


def looked_up_ids(box: Box, name: str, region: str) -> set[str]:
    attributes = [{"AttributeKey": "EventName", "AttributeValue": name}]
    return {event["EventId"] for event in look_up(box, region, LookupAttributes=attributes)["Events"]}


def looked_up(box: Box, name: str, region: str) -> Event:
    attributes = [{"AttributeKey": "EventName", "AttributeValue": name}]
    events = eventually(lambda: look_up(box, region, LookupAttributes=attributes)["Events"])
    found: Event = json.loads(events[0]["CloudTrailEvent"])
    return found


def test_a_trail_delivers_what_its_event_selectors_take(box: Box, tap: Tap) -> None:
    trail, cognito = box.client("cloudtrail"), box.client("cognito-idp")
    name = trail.describe_trails()["trailList"][0]["Name"]
    reads = {"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}

    trail.put_event_selectors(TrailName=name, EventSelectors=[reads])
    try:
        cognito.create_user_pool(PoolName="unheard")
        unheard = tap.named("CreateUserPool", wait=1)
    finally:
        trail.put_event_selectors(TrailName=name, EventSelectors=[{**reads, "ReadWriteType": "All"}])
    cognito.create_user_pool(PoolName="heard")

    [heard] = tap.named("CreateUserPool")
    assert unheard == []
    assert heard["detail"]["requestParameters"] == {"poolName": "heard"}


def test_a_failed_call_of_an_app_names_its_client_and_is_heard_where_its_pool_is(box: Box) -> None:
    region = "eu-west-1"
    cognito = box.client("cognito-idp", region)
    pool = cognito.create_user_pool(PoolName="first")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="app")["UserPoolClient"]["ClientId"]
    app = boto3.client(
        "cognito-idp", region_name=region, endpoint_url=box.running.endpoint, config=Config(signature_version=UNSIGNED)
    )

    with Tap(box, region) as tap:
        with pytest.raises(ClientError):
            app.sign_up(ClientId=client, Username="jane", Password="too-simple")
        [event] = tap.named("SignUp")

    assert event["region"] == region
    assert event["detail"]["errorCode"] == "InvalidPasswordException"
    assert event["detail"]["requestParameters"]["clientId"] == client
    assert event["detail"]["requestParameters"]["username"] == "HIDDEN_DUE_TO_SECURITY_REASONS"


def test_an_answer_names_the_request_as_its_record_does(box: Box) -> None:
    """In each form of an API: JSON, REST with JSON, and XML, for a success and for an error."""
    name = unique("named")
    answers = [
        box.client("cognito-idp").create_user_pool(PoolName=name),
        box.client("sesv2").create_configuration_set(ConfigurationSetName=name),
        box.client("ses").verify_email_identity(EmailAddress=f"{name}@example.com"),
    ]
    with pytest.raises(ClientError) as refused:
        box.client("ses").set_identity_feedback_forwarding_enabled(
            Identity="absent.example.com", ForwardingEnabled=True
        )
    answers.append(refused.value.response)

    asked = [answer["ResponseMetadata"]["RequestId"] for answer in answers]

    def shown() -> set[str]:
        found = look_up(box, MaxResults=50)["Events"]
        return {json.loads(event["CloudTrailEvent"])["requestID"] for event in found}

    assert eventually(lambda: set(asked) <= shown())
