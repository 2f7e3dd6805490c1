"""The file for other shells leads into the box, whatever the shell had, and out again."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sandbox import shell

ENVIRONMENT = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
    "AWS_ACCESS_KEY_ID": "AKIA1",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "ap-northeast-2",
    "AWS_REGION": "ap-northeast-2",
}
MINE = {
    "AWS_PROFILE": "my own",
    "AWS_SESSION_TOKEN": "token$1'\"",
    "AWS_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL_SQS": "https://elsewhere.example",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
}
SHELLS = [name for name in ("sh", "bash", "dash", "zsh", "ksh") if shutil.which(name)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "env"
    shell.write(path, ENVIRONMENT)
    return path


def variables(name: str, script: str) -> dict[str, str]:
    """The AWS variables of a shell after a script."""
    ended = subprocess.run(
        [str(shutil.which(name)), "-c", f"set -eu; {script}; env"],
        env={"PATH": "/usr/bin:/bin", **MINE},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stderr == ""
    pairs = (line.partition("=") for line in ended.stdout.splitlines())
    return {key: value for key, _, value in pairs if key.startswith("AWS_")}


@pytest.mark.parametrize("name", SHELLS)
def test_nothing_of_the_shell_leads_out_of_the_box(name: str, file: Path) -> None:
    inside = variables(name, f". {file}")

    assert ENVIRONMENT.items() <= inside.items()
    assert inside.keys().isdisjoint({"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"})
    endpoints = {value for key, value in inside.items() if key.startswith("AWS_ENDPOINT_URL")}
    assert endpoints == {"http://127.0.0.1:4566"}


@pytest.mark.parametrize("name", SHELLS)
def test_leaving_brings_the_variables_of_the_shell_back(name: str, file: Path) -> None:
    once = variables(name, f". {file}; leave_box")
    twice = variables(name, f". {file}; . {file}; leave_box")

    assert (once, twice) == (MINE, MINE)


def test_every_service_that_mailwarden_uses_has_its_endpoint(file: Path) -> None:
    text = file.read_text()

    for service in ("COGNITO_IDENTITY_PROVIDER", "SESV2", "SQS", "SSM", "CLOUDFORMATION"):
        assert f"export AWS_ENDPOINT_URL_{service}=http://127.0.0.1:4566\n" in text
