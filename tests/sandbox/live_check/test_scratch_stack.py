"""A deployment for the time of a run: it is made, and deleted with its journal."""

from dataclasses import replace
from pathlib import Path

from tests.sandbox.deployment.operator import BUCKET, Operator
from tests.sandbox.live_check.runs import run_in
from tests.sandbox.live_check.scratch_account import ScratchAccount
from tests.sandbox.platform.box import SEOUL
from tests.sandbox.platform.conftest import PYTHON
from tools.live_check.scratch_stack import STACK, ScratchStack


def test_it_is_deployed_and_deleted_with_its_journal(account: ScratchAccount, tmp_path: Path) -> None:
    account.box.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": SEOUL})
    operator = Operator.at(account.box, PYTHON, tmp_path)
    run = replace(run_in(account), stack=STACK)
    program = (str(PYTHON), "-m", "tools.deployment", *operator.options())
    stack = ScratchStack(run=run, program=program, folder=tmp_path, environment=operator.environment())

    assert stack.deploy()
    assert set(operator.stacks()) >= {SEOUL}
    assert operator.left()["tables"] != []

    assert stack.remove() == []
    assert operator.left() == {}
