"""The alerts that were sent: a queue subscribed to the topic, and the chat."""

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from tests.e2e.box import Box, Json
from tests.e2e.queues import drained, subscribed_queue


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
        return cls(box=box, queue_url=subscribed_queue(box, box.outputs["AlertsTopicArn"]))

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
        self.received.extend(map(_alert, drained(self.box, self.queue_url)))


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
