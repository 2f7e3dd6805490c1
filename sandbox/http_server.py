"""Serves HTTP/1.1 to an ASGI application: the parts that clients of AWS use, and each answer in one write.

A general server writes head, body and end one after the other, and that is more work than most of the calls.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from sandbox.http_request import END_OF_HEAD, Head, Malformed, chunked_body

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = logging.getLogger(__name__)
_LONGEST_HEAD = 65_536
_BACKLOG = 512
_GRACE_SECONDS = 1.0
_PHRASES = {status.value: status.phrase.encode() for status in HTTPStatus}
_WITHOUT_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


@dataclass(slots=True, eq=False)
class _Connection(asyncio.Protocol):
    """One client: its requests are answered one after the other."""

    server: "_Server"
    transport: asyncio.Transport = field(init=False)
    arrived: bytearray = field(default_factory=bytearray)
    head: Head | None = None
    answering: asyncio.Task[None] | None = None
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a stream socket
        self.transport = transport
        self.server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the signature of asyncio
        self.server.connections.discard(self)
        self.gone.set()

    def data_received(self, data: bytes) -> None:
        self.arrived += data
        self._go_on()

    def _go_on(self) -> None:
        """Answer the requests that have arrived, one after the other; most answers are there at once."""
        try:
            while self.answering is None and not self.transport.is_closing() and (found := self._request()) is not None:
                exchange = _Exchange(self, *found)
                task = asyncio.Task(exchange.run(), loop=self.server.loop, eager_start=True)
                if not task.done():
                    self.answering = task
                    task.add_done_callback(self._answered)
        except Malformed as refusal:
            self.refuse(refusal.status)

    def _answered(self, _: asyncio.Task[None]) -> None:
        self.answering = None
        self._go_on()

    def write(self, data: bytes) -> None:
        """Send, unless the client is gone."""
        if not self.transport.is_closing():
            self.transport.write(data)

    def refuse(self, status: HTTPStatus) -> None:
        """Answer with a bare status, and end the connection."""
        self.write(b"HTTP/1.1 %d %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % (status, _PHRASES[status]))
        self.transport.close()

    def _request(self) -> tuple[Head, bytes] | None:
        """The next request that has arrived as a whole."""
        if self.head is None:
            end = self.arrived.find(END_OF_HEAD)
            if end < 0:
                if len(self.arrived) > _LONGEST_HEAD:
                    raise Malformed(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
                return None
            self.head = Head.parsed(bytes(self.arrived[:end]))
            del self.arrived[: end + len(END_OF_HEAD)]
            if self.head.expects_continue and not self.arrived:
                self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        head, length = self.head, self.head.length
        if length is None:
            found = chunked_body(self.arrived, 0)
        else:
            found = None if len(self.arrived) < length else (bytes(self.arrived[:length]), length)
        if found is None:
            return None
        body, end = found
        del self.arrived[:end]
        self.head = None
        return head, body


@dataclass(slots=True, eq=False)
class _Exchange:
    """One request and its answer."""

    connection: _Connection
    head: Head
    body: bytes | None
    """None once it was handed over."""
    start: Message | None = None
    is_begun: bool = False
    is_chunked: bool = False
    is_over: bool = False

    async def run(self) -> None:
        """Let the application answer; a failure, or no answer, is a server's error."""
        connection = self.connection
        try:
            await connection.server.application(self._scope(), self.receive, self.send)
        except Exception:  # noqa: BLE001 - logged; it must not end the connections of others
            _log.exception("an error while %s %r was answered", self.head.method, self.head.target)
        if not self.is_begun:
            connection.refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
        elif self.head.is_last or not self.is_over:
            connection.transport.close()

    async def receive(self) -> Message:
        """Hand over the request; after that there is nothing but the end of the connection."""
        if self.body is None:
            await self.connection.gone.wait()
            return {"type": "http.disconnect"}
        body, self.body = self.body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        """Take the start of the answer and keep it until the first part of the body is there; then send both."""
        match message["type"]:
            case "http.response.start":
                self.start = message
            case "http.response.body" if self.start is not None and not self.is_over:
                self._write(message.get("body", b""), is_end=not message.get("more_body", False))
            case kind:
                raise ValueError(f"not expected here: {kind}")

    def _write(self, body: bytes, *, is_end: bool) -> None:
        assert self.start is not None  # noqa: S101 - asked by the caller
        status = int(self.start["status"])
        out: list[bytes] = []
        if not self.is_begun:
            headers = self.start.get("headers", ())
            named = {name.lower() for name, _ in headers}
            out.append(b"HTTP/1.1 %d %s\r\n" % (status, _PHRASES.get(status, b"")))
            out += (_line(name, value) for name, value in headers)
            if b"content-length" not in named and self._has_body(status):
                self.is_chunked = not is_end
                framing = b"transfer-encoding: chunked" if self.is_chunked else b"content-length: %d" % len(body)
                out.append(framing + b"\r\n")
            out.append(b"connection: close\r\n\r\n" if self.head.is_last else b"\r\n")
        if not self._has_body(status):
            body = b""
        if not self.is_chunked:
            out.append(body)
        elif body:
            out += (b"%x\r\n" % len(body), body, b"\r\n")
        if is_end and self.is_chunked:
            out.append(b"0\r\n\r\n")
        self.is_begun, self.is_over = True, is_end
        self.connection.write(b"".join(out))

    def _has_body(self, status: int) -> bool:
        return self.head.method != "HEAD" and status not in _WITHOUT_BODY

    def _scope(self) -> Scope:
        path, _, query = self.head.target.partition(b"?")
        return {
            "type": "http",
            "http_version": "1.1",
            "asgi": {"spec_version": "2.1", "version": "3.0"},
            "method": self.head.method,
            "scheme": "http",
            "path": unquote(path.decode("latin-1")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": self.head.headers,
            "client": self.connection.transport.get_extra_info("peername"),
            "server": self.connection.transport.get_extra_info("sockname"),
        }


def _line(name: bytes, value: bytes) -> bytes:
    line = b"%s: %s\r\n" % (name.lower(), value.strip())
    if line.find(b"\n") != len(line) - 1 or line.find(b"\r") != len(line) - 2:
        raise ValueError(f"a header of more than one line: {name!r}")
    return line


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """The application and the loop, and the connections that are open."""

    application: Asgi
    loop: asyncio.AbstractEventLoop
    connections: set[_Connection] = field(default_factory=set)

    async def close(self) -> None:
        """Let answers that are under way come to their end, for a moment, and hang up."""
        under_way = [each.answering for each in self.connections if each.answering is not None]
        if under_way:
            await asyncio.wait(under_way, timeout=_GRACE_SECONDS)
        for connection in list(self.connections):
            connection.transport.close()


async def serve(application: Asgi, listener: socket.socket, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """Serve on a bound socket until `stop` is set; `ready` is called as soon as requests are answered."""
    server = _Server(application=application, loop=asyncio.get_running_loop())
    async with _alive(application):
        accepting = await server.loop.create_server(lambda: _Connection(server), sock=listener, backlog=_BACKLOG)
        ready()
        await stop.wait()
        accepting.close()
        await server.close()


@contextlib.asynccontextmanager
async def _alive(application: Asgi) -> AsyncIterator[None]:
    """Announce the start of the server to the application, and its end (ASGI, "Lifespan Protocol")."""
    told: asyncio.Queue[Message] = asyncio.Queue()
    said: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"spec_version": "2.0", "version": "3.0"}, "state": {}}
    life = asyncio.ensure_future(application(scope, told.get, said.put))

    async def tell(word: str) -> None:
        await told.put({"type": f"lifespan.{word}"})
        answer = asyncio.ensure_future(said.get())
        await asyncio.wait({life, answer}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done() or answer.result()["type"] != f"lifespan.{word}.complete":
            raise RuntimeError(f"the application failed at its {word}")

    await tell("startup")
    yield
    await tell("shutdown")
