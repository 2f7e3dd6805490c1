"""What batches have in common: each message is handled by itself; what failed is named, so that only it comes again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypedDict

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.refs.resources import NotASubject
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent
from mailwarden.queue_messages.codec import MalformedMessage

# What no second try can mend: the message is kept with the dead letters, its reason in the log.
NOT_UNDERSTOOD = (ForeignEvent, MalformedDocument, MalformedEvent, MalformedMessage, NotASubject)


class Log(Protocol):
    """A structured log."""

    def info(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        """Something happened as it should."""
        ...

    def error(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        """Something could not be understood; the reason is in *extra*."""
        ...

    def exception(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        """Something failed; the traceback is added."""
        ...


class Failure(TypedDict):
    """One message that is to come again."""

    itemIdentifier: str


class Failures(TypedDict):
    """What Lambda expects of a function with ReportBatchItemFailures."""

    batchItemFailures: list[Failure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One SQS record; ``group`` is empty in a standard queue, ``queue`` is the ARN of the queue it was taken from."""

    message_id: str
    body: str
    group: str
    queue: str


def messages_of(event: Mapping[str, object]) -> Iterator[Message]:
    """The records of an SQS event (Lambda guide, "Using Lambda with Amazon SQS")."""
    records = event.get("Records")
    for record in records if isinstance(records, list) else ():
        yield Message(
            message_id=record["messageId"],
            body=record["body"],
            group=record.get("attributes", {}).get("MessageGroupId", ""),
            queue=record.get("eventSourceARN", ""),
        )


def refuse(log: Log, message_id: str, error: Exception) -> None:
    """Log why a message is not understood."""
    log.error("message not understood", extra={"message_id": message_id, "reason": f"{type(error).__name__}: {error}"})


def failures_of(failed: set[str]) -> Failures:
    """What Lambda is told of the messages that are to come again."""
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in sorted(failed)]}
