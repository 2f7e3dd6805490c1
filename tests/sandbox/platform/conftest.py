"""One sandbox process for the whole session of these tests."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.running import ROOT, RunningSandbox
from tests.sandbox.platform.box import Box

PYTHON = Path(os.environ.get("SANDBOX_PYTHON", ROOT / ".venv-sandbox" / "bin" / "python"))


@pytest.fixture(scope="session")
def python() -> Path:
    """The interpreter that has MiniStack."""
    return PYTHON


@pytest.fixture(scope="session")
def box(python: Path) -> Iterator[Box]:
    arguments = ["serve", "--port", "0", "--while-stdin-is-open"]
    with RunningSandbox.start(python, arguments, progress=sys.__stderr__) as running:
        yield Box(running=running)
