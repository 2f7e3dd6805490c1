"""The alerts that were sent: a queue subscribed to the topic, and the chat."""

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from tests.e2e.box import Box, Json, unique


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message of the topic: the document, the attributes to filter by, and when SNS took it."""

    document: Json
    attributes: Mapping[str, str]
    at: datetime

    @property
    def told(self) -> tuple[str, str]:
        return self.document["rule"]["id"], self.document["state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    text: str
    at: float


@dataclass(slots=True, kw_only=True)
class Alerts:
    box: Box
    queue_url: str
    received: list[Alert] = field(default_factory=list)

    @classmethod
    def of(cls, box: Box) -> Self:
        """Subscribe as another system of the account would."""
        sqs, name, topic = box.client("sqs"), unique("subscriber"), box.outputs["AlertsTopicArn"]
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        box.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        return cls(box=box, queue_url=url)

    def about(self, arn: str) -> list[Alert]:
        """The topic's alerts about a subject, or about one that affects this pool, in the order of arrival."""
        self._read_on()
        return [
            alert
            for alert in self.received
            if alert.document["mailwarden"] == "alert"
            and arn in {alert.document["subject"]["arn"], *alert.document["affected"]["pools"]}
        ]

    def reports(self, kind: str) -> list[Alert]:
        """The topic's reports of a kind, in the order of arrival."""
        self._read_on()
        return [alert for alert in self.received if alert.document["mailwarden"] == kind]

    def chat(self, *words: str) -> list[ChatMessage]:
        """The messages that the chat took and that hold all these words, oldest first."""
        messages = [
            ChatMessage(text=html.unescape(" ".join(_strings(one["payload"]))), at=one["time"])
            for one in self.box.control("GET", "chat")
        ]
        return [message for message in messages if all(word in message.text for word in words)]

    def _read_on(self) -> None:
        sqs = self.box.client("sqs")
        while messages := sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                self.received.append(_alert(json.loads(message["Body"])))
                sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])


def _alert(envelope: Json) -> Alert:
    return Alert(
        document=json.loads(envelope["Message"]),
        attributes={name: each["Value"] for name, each in envelope["MessageAttributes"].items()},
        at=datetime.fromisoformat(envelope["Timestamp"]),
    )


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)
        case _:
            return
