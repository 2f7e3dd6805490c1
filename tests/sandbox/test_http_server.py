"""The box's own HTTP server, spoken to byte by byte."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import pytest

from sandbox import http_server
from sandbox.http_server import Message, Receive, Scope, Send

type Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HELLO = b"GET /hello?a=%2F HTTP/1.1\r\nHost: box\r\n\r\n"
TOLD: list[object] = []
HEARD: list[asyncio.Event] = []


async def _application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what arrived; some paths behave in their own way."""
    if scope["type"] == "lifespan":
        while True:
            word = (await receive())["type"]
            TOLD.append(word)
            await send({"type": f"{word}.complete"})
    body = (await receive())["body"]
    if scope["path"] in ODD:
        await ODD[scope["path"]](receive, send)
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(0.05)
    said = [scope["method"].encode(), scope["path"].encode(), scope["query_string"], body]
    await send(_start((b"X-Known", b" yes "), *((b"saw", name + b"=" + value) for name, value in scope["headers"])))
    await send({"type": "http.response.body", "body": b"|".join(said)})


async def _fails(_receive: Receive, _send: Send) -> None:
    raise LookupError("meant")


async def _says_nothing(_receive: Receive, _send: Send) -> None:
    await asyncio.sleep(0)


async def _waits_for_the_end(receive: Receive, _send: Send) -> None:
    TOLD.append((await receive())["type"])
    HEARD[-1].set()


async def _in_parts(_receive: Receive, send: Send) -> None:
    await send(_start())
    for part in (b"one", b"", b"three"):
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body"})


async def _stops_half_way(_receive: Receive, send: Send) -> None:
    await send(_start((b"content-length", b"10")))
    await send({"type": "http.response.body", "body": b"half", "more_body": True})


async def _injects_a_header(_receive: Receive, send: Send) -> None:
    await send(_start((b"name", b"a\r\nother: b")))
    await send({"type": "http.response.body"})


async def _has_no_content(_receive: Receive, send: Send) -> None:
    await send({**_start(), "status": HTTPStatus.NO_CONTENT})
    await send({"type": "http.response.body"})


ODD = {
    "/fails": _fails,
    "/left": _waits_for_the_end,
    "/nothing": _has_no_content,
    "/parts": _in_parts,
    "/silent": _says_nothing,
    "/two-lines": _injects_a_header,
    "/unended": _stops_half_way,
}


def _start(*headers: tuple[bytes, bytes]) -> Message:
    return {"type": "http.response.start", "status": HTTPStatus.OK, "headers": list(headers)}


def _talk(talk: Talk) -> None:
    """Serve, let somebody talk to the server, and end it."""

    async def run() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        stop, ready = asyncio.Event(), asyncio.Event()
        port = listener.getsockname()[1]
        server = asyncio.create_task(http_server.serve(_application, listener, stop, ready.set))
        await ready.wait()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            stop.set()
            await server

    TOLD.clear()
    asyncio.run(asyncio.wait_for(run(), 20))


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """One answer whose head tells its length."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:-2])
    return int(head[0].split()[1]), headers, await reader.readexactly(int(headers.get("content-length", "0")))


def test_a_request_is_handed_over_as_it_came_and_answered_in_one_piece() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"PUT /a%20b?c=%2F HTTP/1.1\r\nHost: box\r\nX-One:  1 \r\nContent-Length: 4\r\n\r\nbody")
        status, headers, body = await _answer(reader)
        assert (status, body) == (200, b"PUT|/a b|c=%2F|body")
        assert headers["x-known"] == "yes"
        assert headers["saw"] == "content-length=4"

    _talk(talk)
    assert TOLD == ["lifespan.startup", "lifespan.shutdown"]


def test_a_connection_serves_one_request_after_the_other_also_when_they_come_at_once() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HELLO)
        assert (await _answer(reader))[2] == b"GET|/hello|a=%2F|"
        writer.write(b"POST /slow HTTP/1.1\r\nContent-Length: 1\r\n\r\n1" + HELLO + HELLO)
        assert [(await _answer(reader))[2][:6] for _ in range(3)] == [b"POST|/", b"GET|/h", b"GET|/h"]

    _talk(talk)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_request_may_come_in_pieces_of_any_size(size: int) -> None:
    sent = (
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\none"
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;x=y\r\ntwo\r\n0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for place in range(0, len(sent), size):
            writer.write(sent[place : place + size])
            await asyncio.sleep(0)
        assert [(await _answer(reader))[2].split(b"|")[-1] for _ in range(3)] == [b"one", b"two0123456789", b""]

    _talk(talk)


def test_who_asks_before_sending_is_told_to_go_on() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"ok")
        assert (await _answer(reader))[2] == b"PUT|/||ok"

    _talk(talk)


def test_an_answer_without_a_length_comes_in_chunks() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"GET /parts HTTP/1.1\r\n\r\n" + HELLO)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"transfer-encoding: chunked" in head
        assert await reader.readuntil(b"0\r\n\r\n") == b"3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"
        assert (await _answer(reader))[0] == HTTPStatus.OK

    _talk(talk)


@pytest.mark.parametrize(("method", "path"), [("HEAD", "/"), ("GET", "/nothing")])
def test_an_answer_that_may_have_no_body_has_none(method: str, path: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"{method} {path} HTTP/1.1\r\n\r\n".encode() + HELLO)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"content-length" not in head
        assert b"transfer-encoding" not in head
        assert (await _answer(reader))[2] == b"GET|/hello|a=%2F|"

    _talk(talk)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 400),
        (b"G=T / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nname : x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\na: b\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nlong: " + b"x" * 70_000, 431),
        (b"GET /fails HTTP/1.1\r\n\r\n", 500),
        (b"GET /silent HTTP/1.1\r\n\r\n", 500),
        (b"GET /two-lines HTTP/1.1\r\n\r\n", 500),
    ],
)
def test_what_cannot_be_read_or_answered_is_refused_and_the_connection_ended(request_: bytes, status: int) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(request_)
        assert (await _answer(reader))[0] == status
        assert await reader.read() == b""

    _talk(talk)


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET /unended HTTP/1.1\r\n\r\n",
    ],
)
def test_the_connection_ends_where_it_has_to(request_: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(request_)
        assert (await reader.read()).startswith(b"HTTP/1.1 200 OK\r\n")

    _talk(talk)


def test_an_application_hears_that_its_client_is_gone() -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        HEARD.append(asyncio.Event())
        writer.write(b"GET /left HTTP/1.1\r\n\r\n")
        await writer.drain()
        writer.close()
        await HEARD[-1].wait()

    _talk(talk)
    assert "http.disconnect" in TOLD


def test_the_end_of_the_server_waits_for_an_answer_that_is_under_way() -> None:
    async def run() -> bytes:
        listener = socket.create_server(("127.0.0.1", 0))
        stop, ready = asyncio.Event(), asyncio.Event()
        server = asyncio.create_task(http_server.serve(_application, listener, stop, ready.set))
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.getsockname()[1])
        writer.write(b"GET /slow HTTP/1.1\r\n\r\n")
        await writer.drain()
        await ready.wait()
        await asyncio.sleep(0.02)
        stop.set()
        await server
        said = await reader.read()
        writer.close()
        return said

    assert b"GET|/slow" in asyncio.run(asyncio.wait_for(run(), 20))
