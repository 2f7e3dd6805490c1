"""The command as a process: an interruption and a reader that leaves are no errors, and nothing is hidden meanwhile."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from mailwarden_command.audit.status import Status
from tests.functional.command.town import ROOT

PATHS = os.pathsep.join(str(ROOT / folder) for folder in ("layers/core", "command", "."))
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
NO_FILES = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def hear_interruptions() -> None:
    """Where a shell runs the tests in the background, they and all that they start ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def running(*words: str, environment: Mapping[str, str], out: int) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "mailwarden_command", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": PATHS, "AWS_EC2_METADATA_DISABLED": "true", **environment},
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_interruptions,  # noqa: PLW1509 - this process has no threads
    ) as process:
        yield process
        process.kill()


@pytest.fixture
def silent_aws() -> Iterator[str]:
    """An endpoint that takes requests and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_an_interrupted_audit_ends_at_once_and_without_a_traceback(silent_aws: str) -> None:
    environment = {**KEYS, **NO_FILES, "AWS_ENDPOINT_URL": silent_aws}
    with running("audit", environment=environment, out=subprocess.PIPE) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        rest, status = process.stderr.read(), process.wait(timeout=5)

    assert first.startswith("Reading the user pools of every enabled region")
    assert status == Status.INTERRUPTED
    assert "Traceback" not in rest


def test_an_interruption_that_python_drops_ends_the_process_all_the_same() -> None:
    program = """
import os, signal, time
from mailwarden_command.interruption import end_when_interrupted
end_when_interrupted()
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    pass
time.sleep(60)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=30,
        check=False,
        preexec_fn=hear_interruptions,
    )

    assert done.returncode == Status.INTERRUPTED


@pytest.mark.parametrize("words", [("audit", "--policy"), ("audit", "--help"), ("--help",)])
def test_a_reader_that_leaves_is_no_error(words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with running(*words, environment=NO_FILES, out=writer) as process:
        os.close(writer)
        assert process.stderr is not None
        said, status = process.stderr.read(), process.wait(timeout=20)

    assert (status, said) == (Status.CLOSED_PIPE, "")


def test_without_credentials_nothing_is_judged_and_the_reason_is_given() -> None:
    with running("audit", environment=NO_FILES, out=subprocess.PIPE) as process:
        assert process.stderr is not None
        said, status = process.stderr.read(), process.wait(timeout=20)

    assert status == Status.NOT_JUDGED
    assert "Unable to locate credentials" in said
    assert "Traceback" not in said
