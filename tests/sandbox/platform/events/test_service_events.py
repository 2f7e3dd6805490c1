"""Events of AWS's own services come onto a default bus by control, and only by control."""

import json
import urllib.error

import pytest

from tests.sandbox.platform.box import SEOUL, Box, Untyped, document, unique

DETAIL_TYPE = "Sending Status Disabled"


def queue_of(box: Box, region: str) -> str:
    """A queue behind the default bus of a region."""
    events, sqs, name = box.client("events", region), box.client("sqs", region), unique("native")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=name, EventPattern=json.dumps({"source": ["aws.ses"], "detail-type": [DETAIL_TYPE]}))
    admitted = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document({**admitted, "Resource": arn})})
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    return str(url)


def bodies(box: Box, region: str, url: str) -> list[dict[str, Untyped]]:
    answer = box.client("sqs", region).receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def test_an_event_of_a_service_reaches_the_rules_of_its_region(box: Box) -> None:
    here, there = queue_of(box, "eu-west-2"), queue_of(box, SEOUL)

    box.control(
        "POST",
        "events",
        {
            "region": "eu-west-2",
            "source": "aws.ses",
            "detail-type": DETAIL_TYPE,
            "detail": {"version": "1"},
            "resources": ["arn:aws:ses:eu-west-2:123456789012:identity/x"],
        },
    )

    [event] = bodies(box, "eu-west-2", here)
    assert (event["source"], event["detail-type"], event["region"]) == ("aws.ses", DETAIL_TYPE, "eu-west-2")
    assert (event["detail"], event["resources"]) == (
        {"version": "1"},
        ["arn:aws:ses:eu-west-2:123456789012:identity/x"],
    )
    assert bodies(box, SEOUL, there) == []


def test_nobody_puts_such_an_event_by_the_api(box: Box) -> None:
    url = queue_of(box, SEOUL)

    answer = box.client("events").put_events(
        Entries=[{"Source": "aws.ses", "DetailType": DETAIL_TYPE, "Detail": json.dumps({"version": "1"})}]
    )

    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
    assert bodies(box, SEOUL, url) == []


@pytest.mark.parametrize(
    "body",
    [
        {"region": SEOUL, "source": "shop", "detail-type": "x"},
        {"region": SEOUL, "source": "aws.ses"},
        {"region": SEOUL, "source": "aws.ses", "detail-type": "x", "details": {}},
        {"region": SEOUL, "source": "aws.ses", "detail-type": "x", "detail": "text"},
    ],
)
def test_nonsense_is_refused(body: dict[str, object], box: Box) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        box.control("POST", "events", body)

    assert refusal.value.code == 400
    refusal.value.close()
