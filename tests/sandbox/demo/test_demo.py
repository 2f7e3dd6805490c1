"""The demo as people start it: a program of its own."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.cells import cell_len

ROOT = Path(__file__).parents[3]
PYTHON = os.environ.get("SANDBOX_PYTHON", str(ROOT / ".venv-sandbox" / "bin" / "python"))
MARK_AND_WORD = 2


@contextmanager
def demo(folder: Path, *arguments: str, columns: str = "80") -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "TMPDIR": str(folder), "COLUMNS": columns, "PYTHONUNBUFFERED": "1"}
    # A shell has what it runs in the background ignore this, and a child ignores what its parent does.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [PYTHON, "-m", "sandbox.demo", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def test_every_scene_ends_as_expected_and_nothing_is_left_behind(folder: Path) -> None:
    with demo(folder) as process:
        said, _ = process.communicate(timeout=280)

    assert process.returncode == 0, said
    assert "Everything went as expected" in said
    assert "\x1b" not in said
    too_wide = [line for line in said.splitlines() if cell_len(line) > 80 and len(line.split()) > MARK_AND_WORD]
    assert too_wide == []
    assert "WARNING" not in said
    assert list(folder.iterdir()) == []


def test_an_interruption_ends_everything(folder: Path) -> None:
    with demo(folder, "--scene", "1") as process:
        assert process.stdout is not None
        # By now the sandbox runs, and something is being built in it.
        while "AWS in a box, on 127.0.0.1" not in process.stdout.readline():
            assert process.poll() is None

        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)

    assert process.returncode == 130, said
    assert list(folder.iterdir()) == []
