"""A sandbox is alone: on the loopback, with its own folder, credentials and function processes."""

import json
import os
import signal
import socket
import subprocess
import urllib.error
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from sandbox.running import RunningSandbox
from tests.sandbox.platform.box import LOGS, Box


def test_listens_on_the_loopback_alone(box: Box) -> None:
    port = int(box.running.endpoint.rsplit(":", 1)[-1])

    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
    ]

    assert listening == [f"0100007F:{port:04X}"]


def test_takes_no_credentials_but_those_it_gave(box: Box) -> None:
    with pytest.raises(ClientError, match="signature"):
        box.client("sqs", keys=(box.running.access_key_id, "guessed")).list_queues()
    for made_up in ("test", "123456789012", "AKIAMADEUP"):
        with pytest.raises(ClientError, match="token"):
            box.client("sqs", keys=(made_up, "guessed")).list_queues()


def test_two_run_side_by_side_and_each_leaves_nothing_behind(box: Box, python: Path, tmp_path: Path) -> None:
    with RunningSandbox.start(python, ["serve", "--port", "0", "--state", str(tmp_path)]) as other:
        second = Box(running=other)
        second.queue("theirs")
        pid = invoked_process(second)
        first_queues = box.client("sqs").list_queues(QueueNamePrefix="theirs")
        status = other.stop()

    assert first_queues.get("QueueUrls", []) == []
    assert status == 0
    assert list(tmp_path.iterdir()) == []
    assert not Path(f"/proc/{pid}").exists()


def test_ends_when_whoever_started_it_has_gone(python: Path, tmp_path: Path) -> None:
    arguments = ["serve", "--port", "0", "--state", str(tmp_path), "--while-stdin-is-open"]
    running = RunningSandbox.start(python, arguments)
    assert running.process.stdin is not None

    running.process.stdin.close()

    assert running.process.wait(timeout=10) == 0
    assert list(tmp_path.iterdir()) == []


def test_says_so_when_its_port_is_taken(python: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        ended = subprocess.run(
            [python, "-m", "sandbox", "serve", "--port", port], capture_output=True, text=True, check=False, timeout=30
        )

    assert ended.returncode == 1
    assert ended.stderr.strip() == f"port {port} of 127.0.0.1 cannot be used: Address already in use"


def test_a_function_gets_its_own_environment_and_nothing_of_the_sandbox(box: Box) -> None:
    name = box.function(
        """
        import importlib.util, os, sys
        def handler(event, context):
            present = [m for m in ("ministack", "boto3", "sandbox", "mailwarden") if importlib.util.find_spec(m)]
            return {"names": sorted(os.environ), "path": sys.path, "present": present, "cwd": os.getcwd()}
        """,
        box.role(LOGS),
    )

    answer = json.load(box.client("lambda").invoke(FunctionName=name)["Payload"])

    assert answer["present"] == []
    assert not any("site-packages" in folder for folder in answer["path"])
    assert "PYTHONPATH" not in answer["names"]
    assert "HOME" not in answer["names"]
    assert {"AWS_REGION", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"} <= set(answer["names"])


def test_a_function_may_do_what_its_role_allows_and_nothing_else(box: Box) -> None:
    name = box.function(
        """
        import os, urllib.request, urllib.error
        def handler(event, context):
            request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + "/?Action=ListRoles&Version=2010-05-08")
            try:
                urllib.request.urlopen(request)
            except urllib.error.HTTPError as error:
                return error.code
        """,
        box.role(LOGS),
    )

    answer = json.load(box.client("lambda").invoke(FunctionName=name)["Payload"])

    assert answer == 403


def test_answers_a_control_request_it_does_not_know_with_404(box: Box) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        box.control("GET", "nowhere")

    assert refusal.value.code == 404
    refusal.value.close()


def invoked_process(box: Box) -> int:
    name = box.function("import os\ndef handler(event, context):\n    return os.getpid()\n", box.role(LOGS))
    pid = int(json.load(box.client("lambda").invoke(FunctionName=name)["Payload"]))
    os.kill(pid, signal.SIGCONT)
    return pid
