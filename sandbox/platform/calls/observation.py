"""Sees every AWS request on its way in and every answer on its way out, refusals included."""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from sandbox.platform.calls import call_list
from sandbox.platform.calls.call_list import Headers, HttpAnswer, Query, Request
from sandbox.platform.calls.wire import error_code

type Dispatch = Callable[..., Awaitable[HttpAnswer | None]]
type Listener = Callable[[Request, HttpAnswer], None]

_SESV2_PREFIX = "/v2/email"
_HEADER = "x-amzn-RequestId"
_ELEMENT = re.compile(rb"<RequestId>[^<]*</RequestId>")


def wrap(listener: Listener) -> None:
    """Wrap `app._dispatch_service_request` and `app._handle_ses_v2_request`.

    These two see a request before IAM enforcement and its answer after it, which no service handler does; the
    emulator's own recorder is called only for what a handler answered and does not look at the answer.
    """
    from ministack import app

    app._dispatch_service_request = _observed(app._dispatch_service_request, listener, only_ses_v2=False)
    app._handle_ses_v2_request = _observed(app._handle_ses_v2_request, listener, only_ses_v2=True)


def _observed(dispatch: Dispatch, listener: Listener, *, only_ses_v2: bool) -> Dispatch:
    async def observed(
        method: str, path: str, headers: Headers, body: bytes, query: Query, request_id: str
    ) -> HttpAnswer | None:
        if only_ses_v2 and not path.startswith(_SESV2_PREFIX):
            return await dispatch(method, path, headers, body, query, request_id)
        request = described(method, path, headers, body, query, request_id)
        call_list.origin.set(request)
        token = call_list.current.set(request)
        try:
            answer = await dispatch(method, path, headers, body, query, request_id)
        finally:
            call_list.current.reset(token)
        if answer is not None:
            answer = _with_request_id(answer, request_id)
            status = answer[0]
            error = error_code(request, answer) if status >= HTTPStatus.BAD_REQUEST else None
            call_list.record(request, status=status, error=error)
            listener(request, answer)
        return answer

    return observed


def _with_request_id(answer: HttpAnswer, request_id: str) -> HttpAnswer:
    """Name the request in the answer by the id that its record has (CloudTrail record contents, ``requestID``)."""
    status, headers, body = answer
    others = {name: value for name, value in headers.items() if name.lower() != _HEADER.lower()}
    if any("xml" in value for name, value in others.items() if name.lower() == "content-type"):
        body = _ELEMENT.sub(f"<RequestId>{request_id}</RequestId>".encode(), body)
        others = {name: str(len(body)) if name.lower() == "content-length" else value for name, value in others.items()}
    return status, {**others, _HEADER: request_id}, body


def described(method: str, path: str, headers: Headers, body: bytes, query: Query, request_id: str) -> Request:
    """The action, the resource and the caller of a request, in IAM's terms."""
    from ministack import app
    from ministack.core import iam_actions, iam_evaluator
    from ministack.core.responses import get_account_id
    from ministack.core.router import detect_service, extract_access_key_id, extract_region

    parameters = app._routing_params(method, path, headers, body, query)
    service = "ses" if path.startswith(_SESV2_PREFIX) else detect_service(method, path, headers, parameters)
    region = extract_region(headers, query)
    action = iam_actions.extract_iam_action(service, method, path, headers, body, parameters)
    resource = iam_actions.extract_resource_arn(
        service, method, path, headers, body, parameters, region, get_account_id()
    )
    access_key_id = extract_access_key_id(headers, query)
    identity: dict[str, Any] | None = iam_evaluator.resolve_caller_identity(access_key_id)
    prefix, _, name = (action or f"{service}:").partition(":")
    return Request(
        service=prefix,
        action=name or _target(headers) or f"{method} {path}",
        region=region,
        resource=str(resource),
        caller=identity["userArn"] if identity else "anonymous",
        access_key_id=access_key_id,
        request_id=request_id,
        method=method,
        path=path,
        headers=headers,
        query=parameters,
        body=body,
        parts=tuple(iam_actions.dynamodb_transaction_checks(action or "", body, region, get_account_id())),
    )


def _target(headers: Headers) -> str:
    return headers.get("x-amz-target", "").rpartition(".")[2]
