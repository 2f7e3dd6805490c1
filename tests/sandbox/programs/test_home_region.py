"""The region in which the operator's programs look for the stack."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAMS = (
    ("why", "us-east-1_AbCdEf123"),
    ("orders.unsuppress", "--ses-region", "us-east-1", "--reason", "r", "--confirm", "jane@corp.example"),
    ("repairs_switch", "status"),
    # `list` and `delete` work without the home stack, too.
    ("watch_regions", "deploy"),
    ("orders.set_sender", "us-east-1_AbCdEf123", "--default"),
    ("orders.undo", "20261129T081530-1a2b3c4d"),
    ("journal",),
    ("release", "budget"),
)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program[0])
@pytest.mark.parametrize(
    ("region", "said"),
    [({}, "no AWS region is set. Name"), ({"AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "us-east-1"}, "eu-west-3")],
    ids=["no region", "AWS_REGION"],
)
def test_a_program_looks_in_the_region_that_it_tells_to_name(
    program: tuple[str, ...], region: dict[str, str], said: str, no_stacks: str
) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing", "AWS_CONFIG_FILE": "/dev/null"}

    done = subprocess.run(
        [sys.executable, "-m", f"tools.{program[0]}", "--endpoint-url", no_stacks, *program[1:]],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **keys, **region},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode in {1, 2}
    assert said in " ".join(done.stderr.split())


@pytest.fixture
def no_stacks() -> Iterator[str]:
    """The URL of a CloudFormation without stacks."""

    class Refusal(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = (
                b"<ErrorResponse><Error><Code>ValidationError</Code>"
                b"<Message>Stack with id mailwarden does not exist</Message></Error></ErrorResponse>"
            )
            self.send_response(400)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusal)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
