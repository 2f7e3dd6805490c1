"""A webhook on this machine with scripted answers that records its requests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How one request is answered; ``hang`` answers nothing and closes the connection."""

    status: int = 200
    body: str = "ok"
    headers: tuple[tuple[str, str], ...] = ()
    hang: bool = False


@dataclass(slots=True, kw_only=True)
class Hook:
    """A running server: its origin, the paths and bodies it was sent, and what it is to answer next."""

    origin: str
    replies: list[Reply] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    types: list[str | None] = field(default_factory=list)
    credentials: list[str | None] = field(default_factory=list)


@contextmanager
def running_hook() -> Iterator[Hook]:
    """Start a server on a free port of the loopback interface, and stop it at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hook.paths.append(self.path)
            hook.types.append(self.headers.get("Content-Type"))
            hook.credentials.append(self.headers.get("Authorization"))
            hook.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            reply = hook.replies.pop(0) if hook.replies else Reply()
            if reply.hang:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body.encode())))
            self.end_headers()
            self.wfile.write(reply.body.encode())

        def log_message(self, *_: object) -> None:
            """Log nothing: the test shows what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook = Hook(origin=f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
