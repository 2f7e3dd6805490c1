"""How the box speaks HTTP: what its clients rely on."""

import contextlib
import http.client
import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.sandbox.platform.box import Box

HEALTH = b"GET /_sandbox/health HTTP/1.1\r\nHost: sandbox\r\n\r\n"


def address(box: Box) -> tuple[str, int]:
    endpoint = urlsplit(box.running.endpoint)
    assert endpoint.hostname is not None
    assert endpoint.port is not None
    return endpoint.hostname, endpoint.port


def test_head_and_body_of_an_answer_come_together_and_the_connection_stays(box: Box) -> None:
    with socket.create_connection(address(box), timeout=20) as connection:
        for _ in range(3):
            connection.sendall(HEALTH)
            head, _, body = connection.recv(65536).partition(b"\r\n\r\n")

            assert head.startswith(b"HTTP/1.1 200 ")
            assert json.loads(body)


def test_requests_that_come_at_once_are_answered_in_their_order(box: Box) -> None:
    with socket.create_connection(address(box), timeout=20) as connection:
        connection.sendall(HEALTH + HEALTH.replace(b"health", b"nowhere"))
        connection.shutdown(socket.SHUT_WR)
        answers = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answers.index(b"HTTP/1.1 200 ") < answers.index(b"HTTP/1.1 404 ")


@pytest.mark.parametrize("length", [1, 70_000])
def test_a_body_in_chunks_is_read_as_a_whole(box: Box, length: int) -> None:
    body = json.dumps({"effect": "y" * length}).encode()
    answers = []
    for sent in (body, iter([body[:5], body[5:]])):
        with contextlib.closing(http.client.HTTPConnection(*address(box), timeout=20)) as connection:
            chunks = {} if isinstance(sent, bytes) else {"Transfer-Encoding": "chunked"}
            connection.request("POST", "/_sandbox/faults", body=sent, headers=chunks, encode_chunked=bool(chunks))
            answer = connection.getresponse()
            answers.append((answer.status, answer.read()))

    assert answers[0] == answers[1]
    assert b"y" * length in answers[0][1]
