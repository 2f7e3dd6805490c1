"""Answers the requests of a boto3 session from services in memory, and lets a test disturb chosen calls."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

from boto3.session import Session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError
from botocore.loaders import create_loader
from botocore.session import Session as BotocoreSession
from botocore.session import get_session

if TYPE_CHECKING:
    from botocore.compat import HTTPHeaders

# Read once for all tests: reading the models is most of the time that creating a client takes.
_MODELS = create_loader()

type Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response of AWS; ``body`` is a JSON document, or XML as text, or bytes that are no text."""

    body: Json | str | bytes
    status: int = 200
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request, before the service has handled it."""

    operation: str
    region: str
    method: str
    path: str
    body: str
    headers: Mapping[str, str]
    query: str = ""


class Service(Protocol):
    """One AWS service in memory."""

    def answer(self, request: Request) -> Answer: ...


@dataclass(slots=True)
class Disturbance:
    """The script of one call: an action before it, a response in its place, or a lost response."""

    before: Callable[[], object] = lambda: None
    instead: Answer | Exception | None = None
    is_lost: bool = False


@dataclass(slots=True)
class Wire:
    """Holds the services by their endpoint prefix, and remembers every request; ``on_request`` sees each first."""

    services: Mapping[str, Service]
    requests: list[Request] = field(default_factory=list)
    on_request: Callable[[Request], object] = lambda _: None
    _disturbances: dict[tuple[str, int], Disturbance] = field(default_factory=dict)

    def session(self) -> Session:
        """A session whose clients all end here."""
        return Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name="us-east-1",
            botocore_session=self.core(),
        )

    def core(self) -> BotocoreSession:
        """What is below such a session, without credentials."""
        core = get_session()
        core.register_component("data_loader", _MODELS)
        # The stubs type it as a listener; the return value of "before-send" is the response (botocore/endpoint.py).
        core.get_component("event_emitter").register("before-send", cast("Callable[..., None]", self._on_send))
        return core

    def disturb(
        self,
        operation: str,
        *nth: int,
        before: Callable[[], object] = lambda: None,
        instead: Answer | Exception | None = None,
        is_lost: bool = False,
    ) -> None:
        """Disturb the first call of an operation, or the given ones, counted from 1 and from the start."""
        for number in nth or (1,):
            self._disturbances[operation, number] = Disturbance(before=before, instead=instead, is_lost=is_lost)

    def count(self, operation: str) -> int:
        """How often an operation was called, retries included."""
        return sum(request.operation == operation for request in self.requests)

    def operations(self) -> tuple[str, ...]:
        """The operations called, in order."""
        return tuple(request.operation for request in self.requests)

    def forget(self) -> None:
        """Start counting again."""
        self.requests.clear()
        self._disturbances.clear()

    def _on_send(self, request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse:
        url = urlsplit(request.url)
        host = str(url.hostname).split(".")
        heard = Request(
            operation=event_name.rsplit(".", 1)[-1],
            region=host[1],
            method=request.method,
            path=url.path,
            query=url.query,
            body=_text(request.body),
            headers={str(name): _text(value) for name, value in request.headers.items()},
        )
        self.requests.append(heard)
        self.on_request(heard)
        disturbance = self._disturbances.get((heard.operation, self.count(heard.operation)), Disturbance())
        disturbance.before()
        if isinstance(disturbance.instead, Exception):
            raise disturbance.instead
        answer = disturbance.instead or self.services[host[0]].answer(heard)
        if disturbance.is_lost:
            raise ReadTimeoutError(endpoint_url=request.url)
        return _response(request.url, answer)


def refusal(code: str, message: str = "no", *, status: int = 400) -> Answer:
    """An error of a JSON service."""
    return Answer(status=status, code=code, body={"__type": code, "message": message})


def xml_refusal(code: str, message: str = "no", *, status: int = 400) -> Answer:
    """An error of a service that speaks XML."""
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return Answer(status=status, body=body)


class _Raw(io.BytesIO):
    """The interface of a body that botocore expects."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


def _response(url: str, answer: Answer) -> AWSResponse:
    body = answer.body if isinstance(answer.body, str | bytes) else json.dumps(answer.body)
    headers = {"x-amzn-errortype": answer.code} if answer.code else {}
    return AWSResponse(
        url, answer.status, cast("HTTPHeaders", headers), _Raw(body if isinstance(body, bytes) else body.encode())
    )


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value or "")
