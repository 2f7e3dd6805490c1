"""The common part of all batches: each message is handled separately, and only failed messages are retried."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypedDict

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.refs.resources import NotASubject
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent
from mailwarden.queue_messages.codec import MalformedMessage

# The timeout of the functions that read queues.
AN_INVOCATION = timedelta(seconds=60)
# Errors that a retry cannot fix: the message moves to the dead-letter queue, its reason is in the log.
NOT_UNDERSTOOD = (ForeignEvent, MalformedDocument, MalformedEvent, MalformedMessage, NotASubject)


class Log(Protocol):
    """A structured log."""

    def info(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        """Log a success."""
        ...

    def error(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        """Log a malformed input; the reason is in *extra*."""
        ...

    def exception(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        """Log a failure with its traceback."""
        ...


class Failure(TypedDict):
    """One message to retry."""

    itemIdentifier: str


class Failures(TypedDict):
    """The response that Lambda expects with ReportBatchItemFailures."""

    batchItemFailures: list[Failure]


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsRecord:
    """One SQS record; ``group`` is empty in a standard queue, ``queue`` is the ARN of its queue.

    ``receipt`` names this delivery of the message, ``received`` counts its deliveries.
    """

    message_id: str
    body: str
    group: str
    queue: str
    receipt: str
    received: int


def records_of(event: Mapping[str, object]) -> Iterator[SqsRecord]:
    """The records of an SQS event (Lambda guide, "Using Lambda with Amazon SQS")."""
    records = event.get("Records")
    for record in records if isinstance(records, list) else ():
        attributes = record.get("attributes", {})
        yield SqsRecord(
            message_id=record["messageId"],
            body=record["body"],
            group=attributes.get("MessageGroupId", ""),
            queue=record.get("eventSourceARN", ""),
            receipt=record.get("receiptHandle", ""),
            received=int(attributes.get("ApproximateReceiveCount", "1")),
        )


def refuse(log: Log, message_id: str, error: Exception) -> None:
    """Log why a message was refused."""
    log.error("message not understood", extra={"message_id": message_id, "reason": f"{type(error).__name__}: {error}"})


def failures_of(failed: set[str]) -> Failures:
    """The response for Lambda with the messages to retry."""
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in sorted(failed)]}
