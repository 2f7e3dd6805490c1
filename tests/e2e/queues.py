"""Queues of tests: what a topic or a rule sends them, and everything that waits in them."""

import json
from collections.abc import Iterator

from tests.e2e.box import Box, Json, unique


def queue_admitting(box: Box, service: str, source: str, *, name: str | None = None) -> tuple[str, str]:
    """A queue that admits a rule or a topic: its URL and its ARN."""
    sqs = box.client("sqs")
    url = sqs.create_queue(QueueName=name or unique("taker"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return url, arn


def subscribed_queue(box: Box, topic: str, *, name: str | None = None, **attributes: str) -> str:
    """A queue that gets the messages of a topic, or those that a filter policy lets through: its URL."""
    url, arn = queue_admitting(box, "sns.amazonaws.com", topic, name=name)
    box.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url


def drained(box: Box, url: str) -> Iterator[Json]:
    """Every body that waits in a queue, which is empty afterwards."""
    sqs = box.client("sqs")
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            yield json.loads(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
