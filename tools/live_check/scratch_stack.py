"""A deployment of Mailwarden for the time of a run, and whether a deployment has looked at the pools of the run."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.ledger.codec import LOOK, pool_key
from tools.live_check.pools import ScratchPool
from tools.live_check.scratch_run import ScratchRun, code_of
from tools.stack.home_stack import StackNotFound, find_home_stack

ROOT = Path(__file__).resolve().parents[2]
STACK = "mailwarden-scratch"
"""The stack that --deploy deploys. It is no prefix of what a run makes itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchStack:
    """The program `tools.deployment`, with a file of its own in *folder*.

    *program* is the beginning of its command line, *environment* what it gets.
    """

    run: ScratchRun
    program: Sequence[str]
    folder: Path
    environment: Mapping[str, str]

    def deploy(self) -> bool:
        """Deploy with RepairMode=off; whether it succeeded."""
        self.run.say(f"deploying {STACK} in {self.run.region}")
        regions = ",".join(dict.fromkeys((self.run.region, self.run.ses_region)))
        chosen = ["--region", self.run.region, "--set", "RepairMode=off", "--set", f"WatchedRegions={regions}"]
        return self._run("deploy", "--yes", "--stack", STACK, *chosen) == 0

    def remove(self) -> list[str]:
        """Delete the stacks of all regions and the table of the journal; returns those that are left."""
        try:
            home = find_home_stack(self.run.client("cloudformation"), STACK)
            journal = home.outputs.get("JournalTable", "")
        except (StackNotFound, ClientError, BotoCoreError):
            journal = ""
        self.run.say(f"deleting {STACK}")
        left: list[str] = []
        if self._run("delete", "--yes", "--stack", STACK, "--region", self.run.region) != 0:
            left.append(f"stack {STACK}: make delete STACK={STACK} AWS_REGION={self.run.region}")
        if journal and not left:
            left += self._drop(journal)
        return left

    def _drop(self, table: str) -> list[str]:
        client = self.run.client("dynamodb")
        try:
            client.update_table(TableName=table, DeletionProtectionEnabled=False)
            client.delete_table(TableName=table)
        except (ClientError, BotoCoreError) as error:
            why = code_of(error) if isinstance(error, ClientError) else type(error).__name__
            return [f"table {table} ({why}): docs/deployment.md, Remove it"]
        return []

    def _run(self, *arguments: str) -> int:
        environment = {**self.environment, "DEPLOYMENT": str(self.folder / "deployment.toml")}
        # Its output is no part of the report.
        ended = subprocess.run(  # noqa: S603 - the project's own program
            [*self.program, *arguments],
            cwd=ROOT,
            env=environment,
            stdout=sys.stderr,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return ended.returncode


def check_looks(run: ScratchRun, pools: Sequence[ScratchPool]) -> None:
    """Wait until a deployment has a look at each pool in its ledger."""
    home = find_home_stack(run.client("cloudformation"), run.stack)
    watched = home.outputs["WatchedRegions"].split(",")
    if run.region not in watched:
        run.observations.missed("looked-at", "", why=f"{run.stack} does not watch {run.region}")
        return
    created = {
        str(each.response["UserPool"]["Id"]): each.at
        for each in run.calls.calls
        if each.operation == "CreateUserPool" and not each.error
    }
    waiting, end = list(pools), time.monotonic() + run.wait
    while waiting:
        for pool in tuple(waiting):
            key = {"pk": {"S": pool_key(pool.ref)}, "sk": {"S": LOOK}}
            table = home.outputs["LedgerTable"]
            if "Item" in run.client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True):
                waiting.remove(pool)
                seconds = time.time() - created[pool.ref.pool_id]
                run.observations.add("looked-at", pool.tier, agrees=True, seen=f"within {seconds:.0f} s")
        if time.monotonic() >= end:
            break
        time.sleep(1)
    for pool in waiting:
        run.observations.missed("looked-at", pool.tier, why="not within the time to wait")
