"""Reads HTTP/1.1 requests: the head, and a body in chunks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

type Headers = list[tuple[bytes, bytes]]

END_OF_HEAD = b"\r\n\r\n"
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n")


class Malformed(Exception):
    """A request that is not HTTP/1.1 as this server reads it; carries the status it is refused with."""

    def __init__(self, status: HTTPStatus) -> None:
        """Keep the status."""
        super().__init__(status.phrase)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The request line and the headers; their names are in lower case."""

    method: str
    target: bytes
    headers: Headers
    length: int | None
    """The length of the body in bytes; None for a body in chunks."""
    expects_continue: bool
    is_last: bool
    """Whether the connection ends with this exchange."""

    @classmethod
    def parsed(cls, head: bytes) -> "Head":
        """Read a head without the empty line at its end.

        Raises:
            Malformed: It is no such head.
        """
        first, *lines = head.split(b"\r\n")
        words = first.split(b" ")
        if len(words) != 3 or not _TOKEN.fullmatch(words[0]) or words[2] not in {b"HTTP/1.1", b"HTTP/1.0"}:
            raise Malformed(HTTPStatus.BAD_REQUEST)
        headers = [_field(line) for line in lines]
        named = dict(headers)
        options = named.get(b"connection", b"").lower()
        return cls(
            method=words[0].decode(),
            target=words[1],
            headers=headers,
            length=_length(headers, named),
            expects_continue=named.get(b"expect", b"").lower() == b"100-continue",
            is_last=b"close" in options or (words[2] == b"HTTP/1.0" and b"keep-alive" not in options),
        )


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon or not _TOKEN.fullmatch(name):
        raise Malformed(HTTPStatus.BAD_REQUEST)
    return name.lower(), value.strip(b" \t")


def _length(headers: Headers, named: Mapping[bytes, bytes]) -> int | None:
    coding = named.get(b"transfer-encoding")
    if coding is not None:
        if coding.lower() != b"chunked":
            raise Malformed(HTTPStatus.NOT_IMPLEMENTED)
        return None
    lengths = {value for name, value in headers if name == b"content-length"} or {b"0"}
    if len(lengths) > 1 or not min(lengths).isdigit():
        raise Malformed(HTTPStatus.BAD_REQUEST)
    return int(min(lengths))


def chunked_body(data: bytearray, start: int) -> tuple[bytes, int] | None:
    """Read a body in chunks, and where it ends; None if it has not arrived as a whole.

    Raises:
        Malformed: A chunk has no length, or no end.
    """
    parts: list[bytes] = []
    while True:
        end = data.find(b"\r\n", start)
        if end < 0:
            return None
        found = _CHUNK.match(data, start)
        if found is None:
            raise Malformed(HTTPStatus.BAD_REQUEST)
        size, begin = int(found[1], 16), found.end()
        if size == 0:
            return _after_trailers(b"".join(parts), data, begin)
        if len(data) < begin + size + 2:
            return None
        if data[begin + size : begin + size + 2] != b"\r\n":
            raise Malformed(HTTPStatus.BAD_REQUEST)
        parts.append(bytes(data[begin : begin + size]))
        start = begin + size + 2


def _after_trailers(body: bytes, data: bytearray, begin: int) -> tuple[bytes, int] | None:
    if data[begin : begin + 2] == b"\r\n":
        return body, begin + 2
    end = data.find(END_OF_HEAD, begin)
    return None if end < 0 else (body, end + len(END_OF_HEAD))
