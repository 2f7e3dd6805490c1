"""Makes chosen calls fail, throttle, stall or kill their caller, after IAM let them through."""

import asyncio
import fnmatch
import itertools
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from sandbox.control import ControlError, Json, Route
from sandbox.platform.calls import call_list, quotas
from sandbox.platform.calls.call_list import Headers, HttpAnswer, Query, Request
from sandbox.platform.functions import process

type ServiceHandler = Callable[..., Awaitable[HttpAnswer]]
type ReadKey = tuple[str, str, str, bytes]

# The answer of each service to a throttled caller: error code and HTTP status, from the API references.
_THROTTLES: Mapping[str, tuple[str, int]] = {
    "cognito-idp": ("TooManyRequestsException", 400),
    "sesv2": ("TooManyRequestsException", 429),
    "lambda": ("TooManyRequestsException", 429),
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "sqs": ("RequestThrottled", 403),
    "sns": ("Throttled", 429),
    "ses": ("Throttling", 400),
    "iam": ("Throttling", 400),
    "sts": ("Throttling", 400),
    "cloudwatch": ("Throttling", 400),
    "cloudformation": ("Throttling", 400),
}
_OTHER_THROTTLE = ("ThrottlingException", 400)
_READS = ("Describe", "Get", "List")


class Effect(StrEnum):
    """The effect on a matching call."""

    THROTTLE = "throttle"
    FAIL = "fail"
    STALL = "stall"
    DIE = "die"
    STALE = "stale"


@dataclass(slots=True, kw_only=True)
class Fault:
    """One order to disturb calls: shell patterns for service, action, role and region, a substring of the resource."""

    number: int
    effect: Effect
    service: str = "*"
    action: str = "*"
    role: str = "*"
    region: str = "*"
    resource: str = ""
    invocation: str = ""
    """A part of the event that the calling function works on."""
    skip: int = 0
    """How many more calls pass undisturbed before it takes the first."""
    count: int | None = 1
    """How many more calls it takes; `None` for all."""
    code: str = "InternalFailure"
    message: str = "The sandbox was told to fail this call."
    status: int = 500
    seconds: float = 1.0
    when: str = "before"
    hits: list[str] = field(default_factory=list)
    written_at: float | None = None
    seen: dict[ReadKey, HttpAnswer] = field(default_factory=dict)
    """For `stale`: the last write of the service, and the answers to reads before it."""

    def matches(self, request: Request) -> bool:
        """Whether the call is one of those meant, and not one too many."""
        pairs = (
            (request.action, self.action),
            (request.role or "", self.role),
            (request.region, self.region),
        )
        return (
            self.count != 0
            and self.resource in request.resource
            and call_list.is_of_service(request.service, self.service)
            and all(fnmatch.fnmatchcase(value, pattern) for value, pattern in pairs)
            and self.invocation in (process.event_of_caller(request.access_key_id) if self.invocation else "")
        )

    def concerns(self, request: Request) -> bool:
        """Whether a call is of the service, the region and the role meant, whatever it does."""
        return (
            call_list.is_of_service(request.service, self.service)
            and fnmatch.fnmatchcase(request.role or "", self.role)
            and fnmatch.fnmatchcase(request.region, self.region)
        )

    def as_json(self) -> dict[str, Json]:
        """The fault as the control API shows it."""
        names = (
            "effect", "service", "action", "role", "region", "resource", "invocation", "skip", "count", "code",
            "message", "status",
        )  # fmt: skip
        shown: dict[str, Json] = {name: getattr(self, name) for name in names}
        return {"id": self.number, **shown, "seconds": self.seconds, "when": self.when, "hits": list(self.hits)}


_faults: dict[int, Fault] = {}
_numbers = itertools.count(1)
_lock = threading.Lock()


def wrap() -> None:
    """Wrap every entry of `app.SERVICE_HANDLERS`, and `ses_v2.handle_request`, which is reached past that table.

    Both are called after IAM enforcement and before anything is done.
    """
    from ministack import app

    for name, handler in list(app.SERVICE_HANDLERS.items()):
        app.SERVICE_HANDLERS[name] = _disturbed(handler)
    ses_v2 = app._get_module("ses_v2")
    ses_v2.handle_request = _disturbed(ses_v2.handle_request)


def _disturbed(handler: ServiceHandler) -> ServiceHandler:
    async def handled(method: str, path: str, headers: Headers, body: bytes, query: Query) -> HttpAnswer:
        request = call_list.current.get()
        fault = _taken(request) if request is not None else None
        # A handler that calls another one must not meet the same fault twice.
        token = call_list.current.set(None)
        try:
            if request is not None and fault is None and quotas.refuses(request):
                return _throttled(request)
            if request is not None and fault is None:
                key = (request.region, method, path, body)
                return await _eventually(request, key, lambda: handler(method, path, headers, body, query))
            if fault is None or request is None:
                return await handler(method, path, headers, body, query)
            return await _with_fault(fault, request, lambda: handler(method, path, headers, body, query))
        finally:
            call_list.current.reset(token)

    return handled


async def _eventually(request: Request, key: ReadKey, proceed: Callable[[], Awaitable[HttpAnswer]]) -> HttpAnswer:
    """Answer a read as before the last write, while a `stale` fault lasts: AWS is eventually consistent."""
    with _lock:
        faults = [fault for fault in _faults.values() if fault.effect is Effect.STALE]
    is_read = request.action.startswith(_READS)
    for fault in faults:
        is_recent = fault.written_at is not None and time.monotonic() - fault.written_at < fault.seconds
        if is_read and is_recent and key in fault.seen and fault.matches(request):
            fault.count = None if fault.count is None else fault.count - 1
            fault.hits.append(request.request_id)
            return fault.seen[key]
    answer = await proceed()
    for fault in faults:
        if is_read and fault.matches(request):
            fault.seen[key] = answer
        elif not is_read and fault.concerns(request):
            fault.written_at = time.monotonic()
    return answer


def _taken(request: Request) -> Fault | None:
    with _lock:
        for fault in _faults.values():
            if fault.effect is Effect.STALE:
                continue
            if fault.matches(request) and fault.skip > 0:
                fault.skip -= 1
            elif fault.matches(request):
                fault.count = None if fault.count is None else fault.count - 1
                fault.hits.append(request.request_id)
                return fault
    return None


async def _with_fault(fault: Fault, request: Request, proceed: Callable[[], Awaitable[HttpAnswer]]) -> HttpAnswer:
    match fault.effect:
        case Effect.THROTTLE:
            return _throttled(request)
        case Effect.FAIL:
            return _refusal(request, fault.status, fault.code, fault.message)
        case Effect.STALL:
            if fault.when == "before":
                await asyncio.sleep(fault.seconds)
                return await proceed()
            answer = await proceed()
            await asyncio.sleep(fault.seconds)
            return answer
        case Effect.STALE:
            return await proceed()
        case Effect.DIE:
            if fault.when == "before":
                process.kill_caller(request.access_key_id)
                return _refusal(request, HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailable", "The caller has died.")
            answer = await proceed()
            process.kill_caller(request.access_key_id)
            return answer


def _throttled(request: Request) -> HttpAnswer:
    code, status = _THROTTLES.get(request.model_name, _OTHER_THROTTLE)
    return _refusal(request, status, code, "Rate exceeded")


def _refusal(request: Request, status: int, code: str, message: str) -> HttpAnswer:
    """An error in the wire format of the request's service."""
    from ministack.core.iam_actions import access_denied_response

    service = {"cloudwatch": "monitoring"}.get(request.model_name, request.model_name)
    _, headers, body = access_denied_response(
        service,
        f"{request.service}:{request.action}",
        request.caller,
        request.request_id,
        error_code=code,
        message=message,
        headers=dict(request.headers),
    )
    return int(status), headers, body


def _added(_path: Mapping[str, str], body: Json, _query: Mapping[str, str]) -> Json:
    if not isinstance(body, dict):
        raise ControlError(HTTPStatus.BAD_REQUEST, "a fault is a JSON object")
    if body.get("effect") not in set(Effect):
        raise ControlError(HTTPStatus.BAD_REQUEST, f"effect {body.get('effect')!r} is none of {', '.join(Effect)}")
    wanted: dict[str, Any] = {name: value for name, value in body.items() if value is not None or name == "count"}
    try:
        fault = Fault(**{**wanted, "number": next(_numbers), "effect": Effect(wanted["effect"])})
    except (TypeError, ValueError) as error:
        raise ControlError(HTTPStatus.BAD_REQUEST, str(error)) from error
    with _lock:
        _faults[fault.number] = fault
    return fault.as_json()


def _listed(_path: Mapping[str, str], _body: Json, _query: Mapping[str, str]) -> Json:
    with _lock:
        return [fault.as_json() for fault in _faults.values()]


def _removed(path: Mapping[str, str], _body: Json, _query: Mapping[str, str]) -> Json:
    with _lock:
        wanted = [int(path["id"])] if path.get("id", "").isdigit() else list(_faults)
        removed = [fault.as_json() for number in wanted if (fault := _faults.pop(number, None)) is not None]
    return {"removed": list(removed)}


def routes() -> tuple[Route, ...]:
    """Order a fault, list them, and take one or all back."""
    return (
        Route(
            "POST",
            "/_sandbox/faults",
            _added,
            "Make the next matching AWS calls fail, be throttled, stall, or kill the function that makes them.",
            body={"effect": "throttle", "service": "sesv2", "action": "GetEmailIdentity", "count": 3},
            members="`effect`: `throttle`, `fail` (with `code`, `message`, `status`), `stall` (with `seconds`), `die`, "
            "`stale` (reads show the state before a write for `seconds`); "
            "`when`: `before` or `after` the call (`stall`, `die`); `service`, `action`, `role`, `region`: shell "
            "patterns; `resource`: part of its ARN; `invocation`: part of the event of the function that calls; "
            "`skip`: calls that pass first; `count`: 1, null for all",
        ),
        Route("GET", "/_sandbox/faults", _listed, "List the faults, with the ids of the requests they hit."),
        Route("DELETE", "/_sandbox/faults", _removed, "Remove all faults."),
        Route("DELETE", "/_sandbox/faults/{id}", _removed, "Remove one fault."),
    )
