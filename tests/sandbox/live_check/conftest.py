"""One account without Mailwarden for all tests of the live check; each leaves nothing."""

import sys
from collections.abc import Iterator

import pytest

from sandbox.running import RunningSandbox
from tests.sandbox.live_check.scratch_account import ScratchAccount
from tests.sandbox.platform.box import Box
from tests.sandbox.platform.conftest import PYTHON


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSandbox]:
    arguments = ["serve", "--port", "0", "--while-stdin-is-open"]
    with RunningSandbox.start(PYTHON, arguments, progress=sys.__stderr__) as running:
        yield running


@pytest.fixture
def account(running: RunningSandbox) -> Iterator[ScratchAccount]:
    account = ScratchAccount(box=Box(running=running))
    yield account
    assert account.left() == {}
