"""Runs one sandbox process: isolates it, puts the seams into MiniStack, and serves AWS and the control API."""

import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, override
from urllib.parse import parse_qsl

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.control import PREFIX, Response, Route, answer, with_index
from sandbox.platform.isolation import ACCOUNT_ID, HOME_REGION, Isolation, isolate

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
type Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class _OneWrite:
    """A transport that sends together what is written in one turn of the loop: the head and the body of an answer.

    To send is most of the work that an answer makes.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        """Write to *transport*."""
        self._transport = transport
        self._written: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Keep it until the turn of the loop is over."""
        if not self._written:
            asyncio.get_running_loop().call_soon(self._send)
        self._written.append(data)

    def close(self) -> None:
        """Send what was written, and end the connection."""
        self._send()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of the transport
        """Everything else as the transport has it."""
        return getattr(self._transport, name)

    def _send(self) -> None:
        data = b"".join(self._written)
        self._written.clear()
        if data and not self._transport.is_closing():
            self._transport.write(data)


class _Connection(HttpToolsProtocol):
    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(_OneWrite(transport))  # type: ignore[arg-type]


class _Server(uvicorn.Server):
    """Leaves signals to this program, and prints a line when it answers requests."""

    def __init__(self, application: Asgi, *, greeting: str) -> None:
        """Serve an application; *greeting* is that line."""
        super().__init__(
            uvicorn.Config(
                application,
                http=_Connection,
                loop="asyncio",
                ws="none",
                lifespan="on",
                log_level="warning",
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=1,
            )
        )
        self._greeting = greeting

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self._greeting, flush=True)


def serve(*, port: int, state: Path | None, while_stdin_is_open: bool) -> NoReturn:
    """Serve until SIGINT, SIGTERM or (if asked) the end of stdin, which comes with the end of the parent.

    One JSON line on stdout contains the address, once requests are answered.
    """
    isolation = isolate(port=port, state=state)
    try:
        asyncio.run(_serve(isolation, while_stdin_is_open=while_stdin_is_open))
    finally:
        _end_functions()
        isolation.remove()
    # MiniStack's own threads may still wait for things that will never come; the process owes them nothing.
    sys.stdout.flush()
    os._exit(0)


async def _serve(isolation: Isolation, *, while_stdin_is_open: bool) -> None:
    server = _Server(_application(), greeting=json.dumps(_greeting(isolation)))

    def stop() -> None:
        server.should_exit = True

    loop = asyncio.get_running_loop()
    # Most answers need no turn of the loop.
    loop.set_task_factory(asyncio.eager_task_factory)
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    if while_stdin_is_open:
        threading.Thread(target=_stop_at_end_of_stdin, args=(stop,), daemon=True).start()
    await server.serve(sockets=[isolation.listener])


def _stop_at_end_of_stdin(stop: Callable[[], None]) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    stop()


def _application() -> Asgi:
    """Put every seam in place and return the ASGI application in front of MiniStack."""
    from sandbox import mail, platform

    platform.install()
    mail.install()
    platform.wrap()
    routes = with_index((*platform.routes(), *mail.routes()))
    from ministack.app import app

    # All modules are imported by now and stay: the collector need not go through them again and again.
    gc.collect()
    gc.freeze()
    return _with_slack(_with_control(app, routes))


def _with_control(aws: Asgi, routes: Sequence[Route]) -> Asgi:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not f"{scope['path']}/".startswith(PREFIX):
            await aws(scope, receive, send)
            return
        body = await _body(receive)
        if body is None:
            return
        raw_path = (scope.get("raw_path") or scope["path"].encode()).decode().partition("?")[0]
        if raw_path == PREFIX.rstrip("/"):
            raw_path = PREFIX
        query = dict(parse_qsl(scope.get("query_string", b"").decode()))
        await _send(send, await answer(routes, scope["method"], raw_path, query, body))

    return application


def _with_slack(other: Asgi) -> Asgi:
    """Slack's API under its own paths: no API of AWS has them."""
    from sandbox.mail.slack import api

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(api.PREFIX):
            await other(scope, receive, send)
            return
        body = await _body(receive)
        if body is not None:
            headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
            await _send(send, await api.answer(scope["method"], scope["path"], headers, body))

    return application


async def _body(receive: Receive) -> bytes | None:
    """The whole body of a request; None if the client is gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


async def _send(send: Send, response: Response) -> None:
    if isinstance(response.body, bytes):
        body = response.body
        content_type = "application/octet-stream"
    else:
        body = json.dumps(response.body, default=str).encode()
        content_type = "application/json"
    headers = {"content-type": content_type, **{name.lower(): value for name, value in response.headers.items()}}
    headers["content-length"] = str(len(body))
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(response.status), "headers": encoded})
    await send({"type": "http.response.body", "body": body})


def _greeting(isolation: Isolation) -> dict[str, str]:
    return {
        "endpoint": isolation.endpoint,
        "account": ACCOUNT_ID,
        "region": HOME_REGION,
        "accessKeyId": isolation.access_key_id,
        "secretAccessKey": isolation.secret_access_key,
    }


def _end_functions() -> None:
    """Kill the function processes that are still warm; their folders go with them."""
    from sandbox.platform.functions import process

    # A starting process must not report that it was interrupted.
    logging.disable()
    process.end_all()
