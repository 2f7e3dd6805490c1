"""Lets a topic reach a queue or call a function only where their own policies admit it, as it must on AWS."""

from collections.abc import Callable
from typing import Any

from sandbox.platform.iam import authorization

_SERVICE = "sns.amazonaws.com"
# All others are opt-in regions for SNS (SNS guide, "Sending Amazon SNS messages to an Amazon SQS queue or AWS Lambda
# function in a different Region").
_ENABLED_BY_DEFAULT = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
        *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"),
        *("ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
    }
)


def install() -> None:
    """Wrap the two ways out of `sns`.

    `_deliver_to_lambda` asks no policy; `queue_policy_allows` asks for the same principal whatever the two regions are.
    """
    from ministack.services import sns, sqs

    sns._deliver_to_lambda = _guarded(sns._deliver_to_lambda)
    sqs.queue_policy_allows = _in_every_region(sqs.queue_policy_allows)


def principal_between(topic_region: str, subscribed_region: str) -> str:
    """The principal as which SNS delivers from one region to another: a regional one if either is opt-in."""
    if topic_region == subscribed_region or {topic_region, subscribed_region} <= _ENABLED_BY_DEFAULT:
        return _SERVICE
    region = topic_region if subscribed_region in _ENABLED_BY_DEFAULT else subscribed_region
    return f"sns.{region}.amazonaws.com"


def _in_every_region(allows: Callable[[str, str, str, str], bool]) -> Callable[[str, str, str, str], bool]:
    def queue_policy_allows(queue_arn: str, service: str, source_arn: str, source_account: str) -> bool:
        from ministack.services import sqs

        if service != _SERVICE:
            return allows(queue_arn, service, source_arn, source_account)
        policy = sqs.queue_policy_for_arn(queue_arn)
        region = queue_arn.split(":")[3]
        return authorization.service_may(
            policy=policy[0] if policy else None,
            service=principal_between(source_arn.split(":")[3], region),
            action="sqs:SendMessage",
            resource=queue_arn,
            source_arn=source_arn,
            region=region,
        )

    return queue_policy_allows


def _guarded(deliver: Callable[..., None]) -> Callable[..., None]:
    def guarded(endpoint: str, envelope: str, topic_arn: str, *message: Any) -> None:  # noqa: ANN401 - passed on
        from ministack.services import lambda_svc

        policy = lambda_svc.function_policy_for_arn(endpoint)
        if authorization.service_may(
            policy=policy[0] if policy else None,
            service=principal_between(topic_arn.split(":")[3], endpoint.split(":")[3]),
            action="lambda:InvokeFunction",
            resource=endpoint,
            source_arn=topic_arn,
            region=topic_arn.split(":")[3],
        ):
            deliver(endpoint, envelope, topic_arn, *message)

    return guarded
