"""Delivers alerts to the webhook: in order, within the webhook's rate limit, none lost.

A message that cannot be delivered stays in the queue and finally moves to the dead-letter queue. When the webhook asks
for a retry, every later message waits. A message that it refuses for good, or that is malformed, holds back only later
alerts about the same incident, because an older version must never follow a newer one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater, Webhook

# Without a Retry-After from the webhook the wait doubles each time, up to ten minutes.
_FIRST_WAIT = 5
_LONGEST_WAIT = 600
# An undeliverable message returns at once: the queue holds back the rest until it is in the dead-letter queue.
_AT_ONCE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """A message of the chat queue; ``received`` counts its deliveries.

    ``incident`` is the id of its incident, None if the message is malformed; ``payload`` makes what is posted.
    """

    message_id: str
    incident: str | None
    payload: Callable[[], object]
    received: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The result of one message: the webhook's answer, None if nothing was posted.

    ``wait`` is how many seconds later the message returns; None if it was delivered.
    """

    message: ChatMessage
    answer: PostResult | None
    wait: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackDelivery:
    """Posts the messages of one batch."""

    webhook: Webhook

    def deliver(
        self, messages: Iterable[ChatMessage], *, failed: Callable[[ChatMessage], object]
    ) -> Iterator[Delivery]:
        """Deliver messages in order; yields one result for each.

        An unexpected error is not raised: that would repeat what was delivered. *failed* is called while it is handled.
        """
        held: set[str] = set()
        pause: int | None = None
        for message in messages:
            if pause is not None:
                yield Delivery(message=message, answer=None, wait=pause)
                continue
            if message.incident is None or message.incident in held:
                yield Delivery(message=message, answer=None, wait=_AT_ONCE)
                continue
            answer = self._post(message, failed)
            match answer:
                case Delivered():
                    yield Delivery(message=message, answer=answer, wait=None)
                case Rejected():
                    held.add(message.incident)
                    yield Delivery(message=message, answer=answer, wait=_AT_ONCE)
                case RetryLater(after=after):
                    pause = _backoff(message.received) if after is None else after
                    yield Delivery(message=message, answer=answer, wait=pause)
                case None:
                    pause = _backoff(message.received)
                    yield Delivery(message=message, answer=None, wait=pause)

    def _post(self, message: ChatMessage, failed: Callable[[ChatMessage], object]) -> PostResult | None:
        try:
            return self.webhook.post(message.payload())
        except Exception:  # noqa: BLE001 - reported, and the message is posted again
            failed(message)
            return None


def _backoff(received: int) -> int:
    doublings = min(max(received, 1) - 1, 10)
    return int(min(_FIRST_WAIT * 2**doublings, _LONGEST_WAIT))
