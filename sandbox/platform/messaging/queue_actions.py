"""The IAM actions of SQS's batch calls: there is none of their own, each needs the action of its single call."""

from typing import Any

# Service Authorization Reference, "Actions, resources, and condition keys for Amazon SQS" lists no batch action; the
# SQS API reference: SendMessageBatch needs sqs:SendMessage, and so on.
_SINGLE = {
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}


def install() -> None:
    """Wrap `iam_actions.extract_iam_action`, which makes an action of the batch call's own name."""
    from ministack.core import iam_actions

    original = iam_actions.extract_iam_action

    def extract(*request: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on as it is
        action = original(*request, **named)
        return _SINGLE.get(action, action)

    iam_actions.extract_iam_action = extract
