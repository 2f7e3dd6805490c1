"""Delivers alerts to Slack: in order, within its rate limit, none lost.

A message that cannot be delivered stays in the queue and finally moves to the dead-letter queue. When Slack asks
for a retry, every later message waits. A message that it refuses for good, or that is malformed, holds back only later
alerts about the same incident, because an older version must never follow a newer one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from mailwarden.domain.incidents.chat_route import AlertFacts
from mailwarden.domain.incidents.chat_thread import IncidentVersion
from mailwarden.message import Message
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater, Webhook

# Without a Retry-After from Slack the wait doubles each time, up to ten minutes.
_FIRST_WAIT = 5
_LONGEST_WAIT = 600
# An undeliverable message returns at once: the queue holds back the rest until it is in the dead-letter queue.
_AT_ONCE = 0


class AlertTexts(Protocol):
    """Makes what is posted of an alert, as JSON objects for Slack."""

    def whole(self, note: Message | None = None) -> object:
        """The alert; *note* is shown below it."""
        ...

    def reply(self, pools_before: int) -> object:
        """What happened, in a few words; the message before named so many affected pools."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAlert:
    """An alert for the chat: the version of its incident, the facts that routes compare, and its texts."""

    moment: IncidentVersion
    facts: AlertFacts
    texts: AlertTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """A message of the chat queue; ``received`` counts its deliveries, and ``alert`` is None if it is malformed."""

    message_id: str
    alert: ChatAlert | None
    received: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The result of one message: Slack's answer, None if nothing was posted.

    ``wait`` is how many seconds later the message returns; None if it was delivered.
    """

    message: ChatMessage
    answer: PostResult | None
    wait: int | None


class AlertPoster(Protocol):
    """One way to Slack."""

    def post(self, alert: ChatAlert) -> PostResult:
        """Post an alert, or continue where an earlier attempt ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPoster:
    """Implements ``AlertPoster`` with a webhook: each alert is a message of its own."""

    webhook: Webhook

    def post(self, alert: ChatAlert) -> PostResult:
        """Post the whole alert once."""
        return self.webhook.post(alert.texts.whole())


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackDelivery:
    """Posts the messages of one batch."""

    poster: AlertPoster

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
            if message.alert is None or message.alert.moment.incident in held:
                yield Delivery(message=message, answer=None, wait=_AT_ONCE)
                continue
            answer = self._post(message, message.alert, failed)
            match answer:
                case Delivered():
                    yield Delivery(message=message, answer=answer, wait=None)
                case Rejected():
                    held.add(message.alert.moment.incident)
                    yield Delivery(message=message, answer=answer, wait=_AT_ONCE)
                case RetryLater(after=after):
                    pause = _backoff(message.received) if after is None else after
                    yield Delivery(message=message, answer=answer, wait=pause)
                case None:
                    pause = _backoff(message.received)
                    yield Delivery(message=message, answer=None, wait=pause)

    def _post(
        self, message: ChatMessage, alert: ChatAlert, failed: Callable[[ChatMessage], object]
    ) -> PostResult | None:
        try:
            return self.poster.post(alert)
        except Exception:  # noqa: BLE001 - reported, and the message is posted again
            failed(message)
            return None


def _backoff(received: int) -> int:
    doublings = min(max(received, 1) - 1, 10)
    return int(min(_FIRST_WAIT * 2**doublings, _LONGEST_WAIT))
