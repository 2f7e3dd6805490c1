"""Asks a function's execution role before a failed asynchronous invocation is handed to its on-failure destination."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.platform.iam import authorization


def install() -> None:
    """Wrap `lambda_svc._route_async_failure`, which asks no role.

    Source: Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations": the execution role needs
    sqs:SendMessage or sns:Publish on the destination.
    """
    from ministack.services import lambda_svc

    lambda_svc._route_async_failure = _permitted(lambda_svc._route_async_failure)


def _permitted(route: Callable[..., None]) -> Callable[..., None]:
    def routed(target_arn: str, name: str, event: Mapping[str, Any], result: Mapping[str, Any]) -> None:
        from ministack.services import lambda_svc

        config = (lambda_svc._functions.get(name) or {}).get("config") or {}
        if authorization.role_may(
            role_arn=str(config.get("Role", "")),
            action="sqs:SendMessage" if ":sqs:" in target_arn else "sns:Publish",
            resource=target_arn,
            region=target_arn.split(":")[3],
            session=name[:64],
            source="lambda",
        ):
            route(target_arn, name, event, result)

    return routed
