"""Every program of a deployment ends with one clear line and its own status where AWS cannot be asked."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from botocore.exceptions import BotoCoreError

from mailwarden_command.programs import PROGRAMS, Program, run_program
from tools.stack.refusals import reason_of

WORDS = {
    "why": ("eu-west-1_Shop00001",),
    "history": ("eu-west-1_Shop00001",),
    "undo": ("20261129T081530-1a2b3c4d",),
    "set-sender": ("eu-west-1_Shop00001", "--default"),
    "restore": ("eu-west-1_Shop00001",),
    "unsuppress": ("--ses-region", "eu-west-1", "--reason", "r", "--confirm", "jane@customer.example"),
    "release": ("budget",),
    "delete": ("--yes",),
}
# Whether repairs are stopped is then unknown, and no stack was changed.
ENDS_WITH = {"stop": 1, "start": 1, "repairs": 1, "status": 1, "rollback": 1, "delete": 1}
ANSWERS = {
    "expired": (403, "ExpiredToken", "The security token included in the request is expired"),
    "denied": (403, "AccessDenied", "User alice is not authorized to perform: cloudformation:DescribeStacks"),
    "no stack": (400, "ValidationError", "Stack with id mailwarden does not exist"),
}
REASONS = {
    "expired": "the AWS credentials have expired: set AWS_PROFILE, or sign in with the AWS CLI",
    "denied": "AccessDenied",
    "no stack": r"there is no stack mailwarden in eu-west-1|does not exist",
    "unreachable": "Could not connect to the endpoint URL",
    "no credentials": "there are no AWS credentials: set AWS_PROFILE, or sign in with the AWS CLI",
    "no profile": r"config profile \(nobody\) could not be found",
    "no region": "no AWS region is set",
}


class Refusing(BaseHTTPRequestHandler):
    """Answers every request with the error that its path names."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, code, text = ANSWERS[self.path.strip("/").replace("-", " ")]
        body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{text}</Message></Error></ErrorResponse>".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library names it
        del format, args


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def environment(reason: str, endpoint: str) -> dict[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": "eu-west-1"}
    match reason:
        case "no credentials":
            return {"AWS_REGION": "eu-west-1"}
        case "no profile":
            return {"AWS_REGION": "eu-west-1", "AWS_PROFILE": "nobody"}
        case "no region":
            return keys | {"AWS_REGION": ""}
        case "unreachable":
            return keys | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
        case _:
            return keys | {"AWS_ENDPOINT_URL": f"{endpoint}/{reason.replace(' ', '-')}"}


@pytest.mark.parametrize("program", [each for each in PROGRAMS if not each.needs_build], ids=lambda each: each.name)
def test_a_program_that_cannot_ask_aws_ends_with_one_line_and_its_status(
    program: Program, endpoint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "DEPLOYMENT"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nonexistent/file")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    # The SDK waits between attempts, and a second one finds nothing new.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("COLUMNS", "80")
    for reason, expected in REASONS.items():
        with monkeypatch.context() as given:
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
                given.delenv(name, raising=False)
            for name, value in environment(reason, endpoint).items():
                given.setenv(name, value)

            status = run_program(program, WORDS.get(program.name, ()))

        out, err = capsys.readouterr()
        said = " ".join(err.split())
        assert status == ENDS_WITH.get(program.name, 2), (reason, said)
        assert re.search(expected, said), (reason, said)
        assert (out, said.count("Traceback")) == ("", 0), reason


class Anything(dict[str, str]):
    """A value for every name in a text."""

    def __missing__(self, name: str) -> str:
        return f"the {name}"


def kinds_of(error: type[BotoCoreError]) -> Iterator[type[BotoCoreError]]:
    yield error
    for each in error.__subclasses__():
        yield from kinds_of(each)


@pytest.mark.parametrize("kind", sorted(set(kinds_of(BotoCoreError)), key=str))
def test_every_reason_of_the_sdk_is_a_clause(kind: type[BotoCoreError]) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, kind.fmt.format_map(Anything()))

    reason = reason_of(error)

    assert reason
    assert not reason.endswith((".", " "))
    assert ".:" not in reason
