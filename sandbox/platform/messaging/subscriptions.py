"""Subscriptions by mail stay pending: AWS sends a link to the address, and in the box no person follows it."""

from collections.abc import Callable, Mapping
from typing import Any

# In place of the ARN until the owner confirms (SNS API reference, Subscribe and ListSubscriptionsByTopic).
_ANSWERED, _LISTED = "pending confirmation", "PendingConfirmation"
_BY_MAIL = frozenset({"email", "email-json"})

type _Action = Callable[[Mapping[str, Any]], tuple[int, dict[str, str], bytes]]


def install() -> None:
    """Wrap the calls of `sns` that show the ARN of a subscription."""
    from ministack.services import sns

    sns._subscribe = _pending(sns._subscribe, _ANSWERED)
    sns._list_subscriptions = _pending(sns._list_subscriptions, _LISTED)
    sns._list_subscriptions_by_topic = _pending(sns._list_subscriptions_by_topic, _LISTED)


def _pending(below: _Action, word: str) -> _Action:
    def action(params: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
        from ministack.services import sns

        status, headers, body = below(params)
        for topic in sns._topics.values():
            for each in topic["subscriptions"]:
                if each["protocol"] in _BY_MAIL or not each["confirmed"]:
                    body = body.replace(each["arn"].encode(), word.encode())
        return status, headers, body

    return action
