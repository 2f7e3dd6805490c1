"""Keeps the list of every AWS API call that arrived, with who made it and how it ended."""

import fnmatch
import itertools
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from sandbox.control import ControlError, Json, Route

type Headers = Mapping[str, str]
type Query = Mapping[str, list[str]]
type HttpAnswer = tuple[int, dict[str, str], bytes]

_KEPT = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One API call as it arrived, before anything judged it."""

    service: str
    """The IAM prefix (`cognito-idp`, `ses` for both SES versions, `cloudwatch`, ...)."""
    action: str
    region: str
    resource: str
    caller: str
    """The caller's ARN, or `anonymous`."""
    access_key_id: str
    request_id: str
    method: str
    path: str
    headers: Headers
    query: Query
    body: bytes
    parts: tuple[tuple[str, str], ...] = ()
    """The actions and resources that IAM checks, if they differ from the call: one per item of a transaction."""
    started: float = field(default_factory=time.time)

    @property
    def role(self) -> str | None:
        """The name of the assumed role, `None` for users and the account root."""
        marker = ":assumed-role/"
        return self.caller.split(marker, 1)[1].split("/")[0] if marker in self.caller else None

    @property
    def model_name(self) -> str:
        """The name of botocore's model: SES has one for each of its two versions."""
        return "sesv2" if self.service == "ses" and self.path.startswith("/v2/") else self.service


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One finished line of the list; `source` is `client`, or the service that acted with a role on its own."""

    sequence: int
    request: Request
    source: str
    status: int
    error: str | None
    milliseconds: float

    def as_json(self) -> dict[str, Json]:
        """The line as the control API shows it."""
        request = self.request
        return {
            "sequence": self.sequence,
            "request": request.request_id,
            "time": datetime.fromtimestamp(request.started, UTC).isoformat(timespec="milliseconds"),
            "source": self.source,
            "service": request.service,
            "action": request.action,
            "region": request.region,
            "resource": request.resource,
            "permissions": [list(each) for each in request.parts]
            or [[f"{request.service}:{request.action}", request.resource]],
            "caller": request.caller,
            "role": request.role,
            "status": self.status,
            "error": self.error,
            "milliseconds": self.milliseconds,
        }


current: ContextVar[Request | None] = ContextVar("current", default=None)
"""The request being handled; handlers run in the context it was set in."""

origin: ContextVar[Request | None] = ContextVar("origin", default=None)
"""The client's request behind the work in progress, also in tasks that go on after it was answered."""

_calls: deque[Call] = deque(maxlen=_KEPT)
_numbers = itertools.count(1)
_lock = threading.Lock()
_resets = 0


def resets() -> int:
    """The number of times the list was cleared: an entry that is made only once is made again after each."""
    return _resets


def record(request: Request, *, status: int, error: str | None, source: str = "client") -> Call:
    """Add a finished call to the list."""
    elapsed = round((time.time() - request.started) * 1000, 1)
    with _lock:
        call = Call(
            sequence=next(_numbers),
            request=request,
            source=source,
            status=status,
            error=error,
            milliseconds=elapsed,
        )
        _calls.append(call)
    return call


def record_service(*, source: str, action: str, region: str, resource: str, caller: str, allowed: bool) -> None:
    """Add a call that a service made with a role it was given: `action` with its prefix, such as `sqs:SendMessage`."""
    service, _, name = action.partition(":")
    request = Request(
        service=service,
        action=name,
        region=region,
        resource=resource,
        caller=caller,
        access_key_id="",
        request_id="",
        method="",
        path="",
        headers={},
        query={},
        body=b"",
    )
    status = HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN
    record(request, status=status, error=None if allowed else "AccessDenied", source=source)


def is_of_service(service: str, pattern: str) -> bool:
    """Whether a pattern means a service: by the prefix of its actions, or `sesv2`, its name in the AWS CLI."""
    return fnmatch.fnmatchcase(service, "ses" if pattern == "sesv2" else pattern)


def _listed(_path: Mapping[str, str], _body: Json, query: Mapping[str, str]) -> Sequence[dict[str, Json]]:
    try:
        since = int(query.get("since", "0"))
    except ValueError as error:
        raise ControlError(HTTPStatus.BAD_REQUEST, "since is a sequence number") from error
    with _lock:
        # The newest are at the end, and mostly the newest are asked for.
        calls = list(itertools.takewhile(lambda call: call.sequence > since, reversed(_calls)))
    return [call.as_json() for call in reversed(calls) if _is_wanted(call, query)]


def _is_wanted(call: Call, query: Mapping[str, str]) -> bool:
    """Whether a call matches the patterns of a query."""
    request = call.request
    if "service" in query and not is_of_service(request.service, query["service"]):
        return False
    values = {"action": request.action, "role": request.role, "region": request.region, "source": call.source}
    return all(fnmatch.fnmatchcase(value or "", query[name]) for name, value in values.items() if name in query)


def _reset(_path: Mapping[str, str], _body: Json, _query: Mapping[str, str]) -> Json:
    global _resets  # noqa: PLW0603 - one process is one sandbox
    with _lock:
        removed = len(_calls)
        _calls.clear()
        _resets += 1
    return {"removed": removed}


def routes() -> tuple[Route, ...]:
    """The list and its reset; numbering goes on."""
    return (
        Route(
            "GET",
            "/_sandbox/calls",
            _listed,
            "List every AWS call, refused ones too: who called what, where, and how it ended. Filters are shell "
            "patterns; `since` is the number of the last call that is left out; `source` is `client`, or what used a "
            "role: `mapping`, `lambda`, `events`.",
            query=("since", "service", "action", "role", "region", "source"),
        ),
        Route("POST", "/_sandbox/calls/reset", _reset, "Empty the list of calls; the numbers go on."),
    )
