"""Hands events to functions as asynchronous invocations, which are tried again and then go to their destination."""

import json


def install() -> None:
    """Replace `eventbridge._dispatch_to_lambda`, which tries once and forgets.

    Source: Lambda Developer Guide, "Invoking a Lambda function asynchronously".
    """
    from ministack.services import eventbridge

    eventbridge._dispatch_to_lambda = _dispatch


def _dispatch(arn: str, payload: str) -> None:
    from ministack.services import lambda_svc

    function, _, _ = lambda_svc._get_func_record_for_ref(arn)
    if function is not None:
        lambda_svc.invoke_async_with_retry(function, json.loads(payload))
