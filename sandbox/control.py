"""The control routes of AWS in a box (`/_sandbox/...`): the form of a route, the list of routes, and their dispatch."""

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import unquote

PREFIX = "/_sandbox/"

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None
type Answer = object
"""Anything `json.dumps` takes, or a `Response` where status, headers or the body's type matter."""

type Handler = Callable[[Mapping[str, str], Json, Mapping[str, str]], Answer | Awaitable[Answer]]
"""Takes path parameters (decoded), the parsed JSON body (`None` without one) and the query (last value wins)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer with its own status and headers; `body` is sent as it is when bytes, as JSON otherwise."""

    status: int = HTTPStatus.OK
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


class ControlError(Exception):
    """A request that cannot be served: becomes `{"error": message}` with the given HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        """Keep the HTTP status next to the message."""
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Route:
    """One control route; `path` is a template: `{name}` is one decoded segment, a final `{name+}` all the rest."""

    method: str
    path: str
    handler: Handler
    purpose: str
    """One sentence for the list of routes."""
    query: tuple[str, ...] = ()
    """The names that it reads from the query."""
    body: Json = None
    """An example; None where no body is read."""
    members: str = ""
    """Further members of the body that the example does not show."""

    def shown(self) -> dict[str, Json]:
        """The route as the list of routes shows it."""
        shown: dict[str, Json] = {"method": self.method, "path": self.path, "purpose": self.purpose}
        if self.query:
            shown["query"] = list(self.query)
        if self.body is not None:
            shown["body"] = self.body
        if self.members:
            shown["members"] = self.members
        return shown

    def match(self, method: str, raw_path: str) -> Mapping[str, str] | None:
        """Return the decoded path parameters if this route serves the request, else `None`."""
        if method != self.method:
            return None
        found = _pattern(self.path).fullmatch(raw_path)
        return None if found is None else {name: unquote(value) for name, value in found.groupdict().items()}


def with_index(routes: Sequence[Route]) -> tuple[Route, ...]:
    """The routes with one more, `GET /_sandbox/`, that lists all of them."""

    def index(*_request: object) -> Json:
        return {"routes": [route.shown() for route in every]}

    every = (Route("GET", PREFIX, index, "List every control route."), *routes)
    return every


def _pattern(template: str) -> re.Pattern[str]:
    """Compile a path template; the matched text is still percent-encoded, so an encoded slash stays in its segment."""
    parts = re.split(r"(\{\w+\+?\})", template)
    return re.compile("".join(_piece(part) for part in parts))


def _piece(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    name = part.strip("{}")
    return f"(?P<{name.rstrip('+')}>.+)" if name.endswith("+") else f"(?P<{name}>[^/]+)"


async def answer(
    routes: Sequence[Route], method: str, raw_path: str, query: Mapping[str, str], body: bytes
) -> Response:
    """Serve one control request: 404 for no route, 400 for a body that is not JSON, `ControlError` as its status."""
    for route in routes:
        parameters = route.match(method, raw_path)
        if parameters is None:
            continue
        try:
            result = route.handler(parameters, _parsed(body), query)
            if inspect.isawaitable(result):
                result = await result
        except ControlError as error:
            return Response(status=error.status, body={"error": str(error)})
        return result if isinstance(result, Response) else Response(body=result)
    return Response(status=HTTPStatus.NOT_FOUND, body={"error": f"no route for {method} {raw_path}"})


def _parsed(body: bytes) -> Json:
    if not body.strip():
        return None
    try:
        parsed: Json = json.loads(body)
    except ValueError as error:
        raise ControlError(HTTPStatus.BAD_REQUEST, f"the body is not JSON: {error}") from error
    return parsed
