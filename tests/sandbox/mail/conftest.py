"""One sandbox for all tests of these folders; every test works in names of its own."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.mail.box import Sandbox

_ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Run one sandbox for the whole session, on a free port."""
    python = os.environ.get("SANDBOX_PYTHON", str(_ROOT / ".venv-sandbox" / "bin" / "python"))
    command = [python, "-m", "sandbox", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            greeting = json.loads(process.stdout.readline())
            yield Sandbox(
                endpoint=greeting["endpoint"],
                account=greeting["account"],
                credentials={
                    "aws_access_key_id": greeting["accessKeyId"],
                    "aws_secret_access_key": greeting["secretAccessKey"],
                },
            )
        finally:
            process.terminate()
            process.wait(timeout=30)
