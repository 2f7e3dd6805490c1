"""Lets a topic call a function only where the function's own policy admits the topic, as it must on AWS."""

from collections.abc import Callable
from typing import Any

from sandbox.platform.iam import authorization


def install() -> None:
    """Wrap `sns._deliver_to_lambda`, which asks no policy; the way to a queue is guarded by the emulator itself."""
    from ministack.services import sns

    sns._deliver_to_lambda = _guarded(sns._deliver_to_lambda)


def _guarded(deliver: Callable[..., None]) -> Callable[..., None]:
    def guarded(endpoint: str, envelope: str, topic_arn: str, *message: Any) -> None:  # noqa: ANN401 - passed on
        from ministack.services import lambda_svc

        policy = lambda_svc.function_policy_for_arn(endpoint)
        if authorization.service_may(
            policy=policy[0] if policy else None,
            service="sns.amazonaws.com",
            action="lambda:InvokeFunction",
            resource=endpoint,
            source_arn=topic_arn,
            region=topic_arn.split(":")[3],
        ):
            deliver(endpoint, envelope, topic_arn, *message)

    return guarded
