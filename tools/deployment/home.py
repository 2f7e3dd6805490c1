"""The home stack: deployed and deleted by the SAM CLI, after a look at the state that it does not handle itself."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import ClientError

from tools.deployment.regions import Connect
from tools.deployment.stacks import NEVER_COMPLETE, STUCK, Stack, StackFailed, Stacks

# The stack of the bucket that `sam deploy --resolve-s3` creates in a region, for all applications.
_MANAGED_BUCKET = "aws-sam-cli-managed-default"
_JOURNAL = "JournalTable"
# Rolling back is asked for with another call in each of these states.
_ROLLBACK_STACK = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})

type Run = Callable[[Sequence[str]], int]
"""Runs a program with the terminal's input and output; its exit status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The home stack of a deployment, and what `sam` needs besides it."""

    name: str
    region: str
    connect: Connect
    poll_seconds: float
    template: Path
    """The built template."""
    bucket: str | None
    """The bucket for the code; None for the one that `sam` creates and finds itself."""
    run: Run

    @property
    def stacks(self) -> Stacks:
        """CloudFormation in the home region."""
        return Stacks(cloudformation=self.connect("cloudformation", self.region), poll_seconds=self.poll_seconds)

    def find(self) -> Stack | None:
        """The stack, or None."""
        return self.stacks.find(self.name)

    def prepare(self) -> Iterator[str]:
        """Bring the stack into a state that can be deployed; yields what was done.

        A first deployment that failed leaves a stack that can only be deleted, and the table of its journal.

        Raises:
            StackFailed: Another operation is running, or the stack has to be rolled back or deleted first.
        """
        found = self.find()
        if found is None or found.status == "REVIEW_IN_PROGRESS":
            return
        if found.status.endswith("_IN_PROGRESS"):
            raise StackFailed(f"{self.name} is {found.status}: wait until that has ended, and repeat the command")
        if found.status in STUCK:
            raise StackFailed(f"{self.name} is {found.status}: roll it back first (make rollback)")
        if found.status == "DELETE_FAILED":
            raise StackFailed(f"{self.name} is DELETE_FAILED: finish that first (make delete). {found.reason}")
        if found.status in NEVER_COMPLETE:
            yield f"{self.name} is {found.status}: a first deployment failed. It is deleted before the next one."
            yield from self.discard(found)

    def deploy(self, parameters: Mapping[str, str], *, ask: bool, execute: bool = True) -> int:
        """Deploy by `sam deploy`; its exit status."""
        where = ("--s3-bucket", self.bucket) if self.bucket else ("--resolve-s3",)
        with _no_configuration() as configuration:
            return self.run(
                [
                    *(_sam(), "deploy", "--config-file", str(configuration), "--template-file", str(self.template)),
                    *("--stack-name", self.name, "--region", self.region, "--capabilities", "CAPABILITY_IAM"),
                    *(*where, "--s3-prefix", self.name, "--no-progressbar", "--no-fail-on-empty-changeset"),
                    "--confirm-changeset" if ask else "--no-confirm-changeset",
                    *(() if execute else ("--no-execute-changeset",)),
                    *("--parameter-overrides", *(_override(*each) for each in parameters.items())),
                ]
            )

    def preview(self, parameters: Mapping[str, str]) -> int:
        """Show the change set of `sam deploy`, and leave nothing of it; its exit status."""
        known = self.waiting()
        status = self.deploy(parameters, ask=False, execute=False)
        self.take_back(known)
        return status

    def take_back(self, known: frozenset[str]) -> bool:
        """Delete the change sets that wait for execution, except those *known* before; whether there were any."""
        client = self.connect("cloudformation", self.region)
        waiting = self.waiting() - known
        for change_set in waiting:
            client.delete_change_set(ChangeSetName=change_set)
        found = self.find()
        if found is not None and found.status == "REVIEW_IN_PROGRESS" and not known:
            self.stacks.remove(self.name)
        return bool(waiting)

    def roll_back(self) -> str:
        """Roll back what failed, to the last complete state.

        Raises:
            StackFailed: There is nothing to roll back, or it failed again; the message has the next step.
        """
        found = self.find()
        client = self.connect("cloudformation", self.region)
        if found is None:
            raise StackFailed(f"there is no stack {self.name} in {self.region}")
        if found.status == "UPDATE_ROLLBACK_FAILED":
            client.continue_update_rollback(StackName=self.name)
        elif found.status in _ROLLBACK_STACK:
            client.rollback_stack(StackName=self.name)
        else:
            raise StackFailed(
                f"{self.name} is {found.status}: there is nothing to roll back. To go back to an earlier version, "
                "check it out and run make deploy: git checkout VERSION && make deploy"
            )
        return self.stacks.rolled_back(self.name)

    def delete(self, found: Stack) -> int:
        """Delete the stack and its code in the bucket by `sam delete`; its exit status."""
        bucket = self.bucket or self._managed_bucket()
        where = ("--s3-bucket", bucket, "--s3-prefix", self.name) if bucket else ()
        with _no_configuration() as configuration:
            return self.run(
                [
                    *(_sam(), "delete", "--config-file", str(configuration), "--stack-name", found.name),
                    *("--region", self.region, "--no-prompts", *where),
                ]
            )

    def discard(self, found: Stack) -> Iterator[str]:
        """Delete a stack that was never complete, and the table of its journal if nothing was ever written to it."""
        journal = self.journal_of(found)
        self.stacks.remove(self.name)
        if journal is None:
            return
        tables = self.connect("dynamodb", self.region)
        if tables.scan(TableName=journal, Limit=1, Select="COUNT", ConsistentRead=True)["Count"]:
            yield f"its journal {journal} has entries and stays"
            return
        tables.update_table(TableName=journal, DeletionProtectionEnabled=False)
        tables.get_waiter("table_exists").wait(TableName=journal, WaiterConfig={"Delay": 2})
        tables.delete_table(TableName=journal)
        yield f"its journal {journal} is empty and deleted too"

    def journal_of(self, found: Stack) -> str | None:
        """The name of the table of the journal, also of a stack without outputs; None if it was not created."""
        client = self.connect("cloudformation", self.region)
        names = [
            str(each.get("PhysicalResourceId", ""))
            for event in client.get_paginator("describe_stack_events").paginate(StackName=found.stack_id)
            for each in event["StackEvents"]
            if each["LogicalResourceId"] == _JOURNAL and each.get("PhysicalResourceId")
        ]
        tables = self.connect("dynamodb", self.region)
        for name in dict.fromkeys(names):
            try:
                return str(tables.describe_table(TableName=name)["Table"]["TableName"])
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise
        return None

    def waiting(self) -> frozenset[str]:
        """The change sets that wait for their execution."""
        client = self.connect("cloudformation", self.region)
        try:
            pages = client.get_paginator("list_change_sets").paginate(StackName=self.name)
            return frozenset(
                str(each["ChangeSetId"])
                for page in pages
                for each in page["Summaries"]
                if each.get("ExecutionStatus") == "AVAILABLE"
            )
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return frozenset()
            raise

    def _managed_bucket(self) -> str | None:
        managed = self.stacks.find(_MANAGED_BUCKET)
        return None if managed is None else managed.outputs.get("SourceBucket")


def run_program(command: Sequence[str]) -> int:
    """Run a program of the SAM CLI's environment."""
    return subprocess.call(command)  # noqa: S603 - the SAM CLI, with arguments that the template admits


def _sam() -> str:
    return str(Path(sys.executable).with_name("sam"))


def _override(name: str, value: str) -> str:
    """A parameter as the SAM CLI reads it: quoted, because it splits at spaces."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'


@contextmanager
def _no_configuration() -> Iterator[Path]:
    """An empty configuration of the SAM CLI: nothing but the operator's file decides, not a `samconfig.toml`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "samconfig.toml"
        file.write_text("version = 0.1\n", encoding="utf-8")
        yield file
