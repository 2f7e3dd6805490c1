"""One sandbox for all paths of a deployment; each path has a checkout of its own and leaves nothing."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.running import RunningSandbox
from tests.sandbox.deployment.operator import BUCKET, Operator
from tests.sandbox.platform.box import SEOUL, Box
from tests.sandbox.platform.conftest import PYTHON


@pytest.fixture(scope="session")
def account() -> Iterator[Box]:
    arguments = ["serve", "--port", "0", "--while-stdin-is-open"]
    with RunningSandbox.start(PYTHON, arguments, progress=sys.__stderr__) as running:
        box = Box(running=running)
        box.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": SEOUL})
        yield box


@pytest.fixture
def operator(account: Box, tmp_path: Path) -> Iterator[Operator]:
    operator = Operator.at(account, PYTHON, tmp_path)
    yield operator
    # Nothing is left but journals, which stay on purpose.
    assert set(operator.left()) <= {"tables"}
    operator.drop_journals()
