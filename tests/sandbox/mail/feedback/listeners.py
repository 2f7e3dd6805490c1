"""Somebody who listens to the feedback of SES: queues behind a default bus and behind a topic."""

import json
import time
from dataclasses import dataclass
from typing import Any

from tests.sandbox.mail.box import Sandbox, unique

EVERYTHING = ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE", "DELIVERY_DELAY"]
_PATIENCE = 5.0


@dataclass(frozen=True, kw_only=True)
class Listener:
    """A queue that collects what arrives."""

    sandbox: Sandbox
    region: str
    url: str

    def heard(self, number: int) -> list[dict[str, Any]]:
        """Wait for so many messages; gives all that came, parsed."""
        sqs, end = self.sandbox.client("sqs", self.region), time.monotonic() + _PATIENCE
        found: list[dict[str, Any]] = []
        while len(found) < number and time.monotonic() < end:
            answer = sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            found += [json.loads(message["Body"]) for message in answer.get("Messages", [])]
        return found

    def heard_nothing(self) -> bool:
        """Tell whether nothing comes."""
        answer = self.sandbox.client("sqs", self.region).receive_message(QueueUrl=self.url, WaitTimeSeconds=1)
        return not answer.get("Messages")


def on_bus(sandbox: Sandbox, region: str, configuration_set: str) -> Listener:
    """Listen on the region's default bus to the events of one configuration set."""
    name = unique("events")
    url, arn = _queue(sandbox, region, name, "events.amazonaws.com")
    events = sandbox.client("events", region)
    pattern = {"source": ["aws.ses"], "detail": {"mail": {"tags": {"ses:configuration-set": [configuration_set]}}}}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    return Listener(sandbox=sandbox, region=region, url=url)


def on_topic(
    sandbox: Sandbox, region: str, *, policy: object = None, queue_admits: bool = True
) -> tuple[str, Listener]:
    """Listen to a new topic; gives its ARN too."""
    sns, name = sandbox.client("sns", region), unique("topic")
    topic = sns.create_topic(Name=name, Attributes={"Policy": json.dumps(policy)} if policy else {})["TopicArn"]
    url, arn = _queue(sandbox, region, name, "sns.amazonaws.com" if queue_admits else "s3.amazonaws.com")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    return str(topic), Listener(sandbox=sandbox, region=region, url=url)


def configuration_set(sandbox: Sandbox, region: str, *types: str, **members: object) -> str:
    """Make a configuration set that tells the default bus of these event types."""
    ses, name = sandbox.client("sesv2", region), unique("set")
    ses.create_configuration_set(ConfigurationSetName=name, **members)
    if types:
        ses.create_configuration_set_event_destination(
            ConfigurationSetName=name,
            EventDestinationName="bus",
            EventDestination={
                "Enabled": True,
                "MatchingEventTypes": list(types),
                "EventBridgeDestination": {
                    "EventBusArn": f"arn:aws:events:{region}:{sandbox.account}:event-bus/default"
                },
            },
        )
    return name


def send(sandbox: Sandbox, region: str, sender: str, recipient: str, configuration_set: str | None = None) -> str:
    """Send a message through the API; gives SES's message id."""
    members = {"ConfigurationSetName": configuration_set} if configuration_set else {}
    answer = sandbox.client("sesv2", region).send_email(
        FromEmailAddress=sender,
        Destination={"ToAddresses": [recipient]},
        Content={"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "There"}}}},
        **members,
    )
    return str(answer["MessageId"])


def _queue(sandbox: Sandbox, region: str, name: str, service: str) -> tuple[str, str]:
    sqs = sandbox.client("sqs", region)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:{region}:{sandbox.account}:{name}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:*:{region}:{sandbox.account}:*"}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    return str(url), arn
