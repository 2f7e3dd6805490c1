"""Runs one sandbox process: isolates it, puts the seams into MiniStack, and serves AWS and the control API."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from sandbox.control import PREFIX, Response, Route, answer, with_index
from sandbox.platform.isolation import ACCOUNT_ID, HOME_REGION, Isolation, isolate

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
type Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


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
    from hypercorn.asyncio import serve as serve_http
    from hypercorn.config import Config

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    if while_stdin_is_open:
        threading.Thread(target=_set_at_end_of_stdin, args=(loop, stop), daemon=True).start()
    config = Config()
    # The server closes the socket itself.
    config.bind = [f"fd://{isolation.listener.detach()}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    application = _application()
    server = asyncio.create_task(serve_http(application, config, shutdown_trigger=stop.wait))
    await _until_listening(isolation, server)
    print(json.dumps(_greeting(isolation)), flush=True)
    await server


def _set_at_end_of_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    loop.call_soon_threadsafe(stop.set)


def _application() -> Asgi:
    """Put every seam in place and return the ASGI application in front of MiniStack."""
    from sandbox import mail, platform

    platform.install()
    mail.install()
    platform.wrap()
    routes = with_index((*platform.routes(), *mail.routes()))
    from ministack.app import app

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


async def _until_listening(isolation: Isolation, server: asyncio.Task[None]) -> None:
    while not server.done():
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", isolation.port)
            writer.write(b"GET /_sandbox/health HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n\r\n")
            status = await reader.readline()
            writer.close()
            if f" {HTTPStatus.OK} ".encode() in status:
                return
        await asyncio.sleep(0.02)
    await server


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
