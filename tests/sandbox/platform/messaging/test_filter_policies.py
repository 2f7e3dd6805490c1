"""SNS delivers what a filter policy lets through, and refuses a policy that it does not understand."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.channel_examples import examples
from tests.sandbox.platform.box import SEOUL, Box, document, unique

ATTRIBUTES = {"severity": "critical", "rule": "MW401", "region": SEOUL, "state": "open", "cause": "policies"}


def topic_of(box: Box) -> str:
    return str(box.client("sns").create_topic(Name=unique("topic"))["TopicArn"])


def subscribed(box: Box, topic: str, policy: object) -> str:
    """A queue that takes of a topic what a policy lets through."""
    url, arn = box.queue("filtered")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    box.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(statement)})
    attributes = {"FilterPolicy": json.dumps(policy), "RawMessageDelivery": "true"}
    box.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url


@pytest.mark.parametrize(
    ("policy", "passes"),
    [
        ({"severity": ["high", "critical"]}, True),
        ({"severity": ["Critical"]}, False),
        ({"rule": [{"prefix": "MW4"}]}, True),
        ({"rule": [{"suffix": "02"}]}, False),
        ({"severity": [{"equals-ignore-case": "CRITICAL"}]}, True),
        ({"cause": [{"anything-but": ["trail", "calls"]}]}, True),
        ({"cause": [{"anything-but": {"prefix": "pol"}}]}, False),
        ({"report": [{"exists": False}]}, True),
        ({"report": [{"exists": True}]}, False),
        ({"count": [{"numeric": [">=", 10, "<", 100]}]}, True),
        ({"count": [{"numeric": ["=", 9]}]}, False),
        ({"severity": ["critical"], "region": ["eu-west-1"]}, False),
        ({"$or": [{"severity": ["low"]}, {"cause": ["policies"]}]}, True),
    ],
    ids=str,
)
def test_a_message_passes_or_does_not(box: Box, policy: dict[str, object], passes: bool) -> None:
    topic = topic_of(box)
    url, everything = subscribed(box, topic, policy), subscribed(box, topic, {"severity": [{"exists": True}]})
    attributes = {name: {"DataType": "String", "StringValue": text} for name, text in ATTRIBUTES.items()}

    box.client("sns").publish(
        TopicArn=topic,
        Message="hello",
        MessageAttributes={**attributes, "count": {"DataType": "Number", "StringValue": "12"}},
    )

    assert len(box.receive(everything)) == 1
    # It was delivered before, if at all: its subscription is the older one.
    assert len(box.receive(url, wait=int(passes))) == int(passes)


@pytest.mark.parametrize(
    ("policy", "fault"),
    [
        ({"severity": [{"contains": "crit"}]}, "Unrecognized match type contains"),
        ({"severity": "critical"}, "must be an object or an array"),
        ({"severity": {"level": ["critical"]}}, "must be an object or an array"),
        ({"severity": []}, "Empty arrays are not allowed"),
        ({"report": [{"exists": "no"}]}, "exists match pattern must be either true or false"),
        ({"count": [{"numeric": ["~", 1]}]}, "Unrecognized numeric range operator"),
        ({"count": [{"numeric": ["<", "1"]}]}, "must be numeric"),
        ({"count": [{"numeric": []}]}, "numeric"),
        ({str(number): ["a"] for number in range(6)}, "more than 5 keys"),
        ({name: [str(number) for number in range(13)] for name in ("rule", "region")}, "too complex"),
        ({"rule": [{"prefix": "MW", "suffix": "1"}]}, "Only one key allowed"),
        ({"rule": [{"prefix": ["MW4", "MW5"]}]}, "prefix match pattern must be a string"),
        ([], "not an object"),
    ],
    ids=str,
)
def test_a_policy_that_sns_does_not_understand_is_refused_whenever_it_is_set(
    box: Box, policy: object, fault: str
) -> None:
    sns, topic = box.client("sns"), topic_of(box)
    _, arn = box.queue("refused")

    with pytest.raises(ClientError, match=fault) as refused:
        subscribed(box, topic, policy)
    assert refused.value.response["Error"]["Code"] == "InvalidParameter"
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
    with pytest.raises(ClientError, match=fault):
        sns.set_subscription_attributes(
            SubscriptionArn=subscription, AttributeName="FilterPolicy", AttributeValue=json.dumps(policy)
        )


def test_a_policy_on_the_body_may_be_nested(box: Box) -> None:
    sns, topic = box.client("sns"), topic_of(box)
    _, arn = box.queue("body")
    policy = json.dumps({"rule": {"id": ["MW401"]}})

    sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"FilterPolicy": policy, "FilterPolicyScope": "MessageBody"},
    )


@pytest.mark.parametrize("name", examples("filter-policy"))
def test_the_examples_of_the_documentation_are_accepted(box: Box, name: str) -> None:
    assert subscribed(box, topic_of(box), examples("filter-policy")[name])
