"""An operator at a shell: the commands of a deployment against a sandbox, and everything that they leave in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path

from sandbox.running import ROOT
from tests.sandbox.platform.box import SEOUL, Box
from tools.deployment.__main__ import Surroundings, main
from tools.deployment.stacks import REMOVED_FIRST, StackFailed, Stacks, Wanted

BUCKET = "artifacts"
PARIS, VIRGINIA, MEXICO = "eu-west-3", "us-east-1", "mx-central-1"
REGIONS = (SEOUL, PARIS, VIRGINIA, MEXICO)
PROJECT = Path(__file__).parent / "project"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The end of a command."""

    status: int
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A shell without a default region, and a checkout with the templates of the tests."""

    box: Box
    python: Path
    project: Path

    @classmethod
    def at(cls, box: Box, python: Path, folder: Path) -> "Operator":
        """Copy the project: its own home stack, and Mailwarden's stacks of the regions."""
        project = Path(shutil.copytree(PROJECT, folder / "project"))
        for name in ("regions.yaml", "configuration-set.yaml"):
            shutil.copy(ROOT / name, project)
        return cls(box=box, python=python, project=project)

    @property
    def file(self) -> Path:
        """The operator's file."""
        return self.project / "deployment.toml"

    def run(self, action: str, *arguments: str, answers: str = "", file: str = "deployment.toml") -> Result:
        """Run an action in this process, with CloudFormation in place of the SAM CLI, which takes seconds to start."""
        lines = iter(answers.splitlines())

        def ask(_question: str) -> str:
            try:
                return next(lines)
            except StopIteration:
                raise EOFError from None

        around = Surroundings(run_sam=self._sam, connect=self.box.client, ask=ask)
        given = [action, "--deployment", str(self.project / file), *self.options(), *arguments]
        with redirect_stdout(StringIO()) as output, redirect_stderr(output):
            status = main(given, around)
        return Result(status=status, output=output.getvalue())

    def run_whole(self, action: str, *arguments: str, answers: str = "") -> Result:
        """Run an action as the operator does, with the SAM CLI."""
        return self.command("-m", "tools.deployment", action, *self.options(), *arguments, answers=answers)

    def options(self) -> list[str]:
        """The options that name the project of the tests."""
        options = ["--project", str(self.project), "--template", str(self.project / "template.yaml")]
        return [*options, "--s3-bucket", BUCKET, "--poll-seconds", "0.05"]

    def _sam(self, command: Sequence[str]) -> int:
        """Do what `sam` does with these arguments; it mends no stack that cannot be updated."""
        after = dict(pairwise(command))
        stacks = Stacks(cloudformation=self.box.client("cloudformation", after["--region"]), poll_seconds=0.05)
        name = after["--stack-name"]
        if command[1] == "delete":
            stacks.remove(name)
            return 0
        found = stacks.find(name)
        if found is not None and found.status in REMOVED_FIRST:
            return 1
        overrides = command[command.index("--parameter-overrides") + 1 :]
        parameters = {key: value.strip('"') for key, _, value in (each.partition("=") for each in overrides)}
        capabilities = (after["--capabilities"], "CAPABILITY_AUTO_EXPAND")
        template = Path(after["--template-file"]).read_text(encoding="utf-8")
        wanted = Wanted(name=name, template=template, parameters=parameters, tags={}, capabilities=capabilities)
        try:
            done = stacks.preview(wanted) if "--no-execute-changeset" in command else stacks.deploy(wanted)
        except StackFailed as error:
            sys.stderr.write(f"{error}\n")
            return 1
        sys.stdout.write(f"{done}\n")
        return 0

    def command(self, *arguments: str, answers: str = "") -> Result:
        """Run a program of the project with the sandbox's interpreter."""
        ended = subprocess.run(
            [self.python, *arguments],
            cwd=ROOT,
            env=dict(self.environment()),
            input=answers,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return Result(status=ended.returncode, output=ended.stdout + ended.stderr)

    def environment(self) -> Mapping[str, str]:
        """The environment of the shell."""
        nothing = str(self.project / "nothing")
        # No default region: only the file and the command line say where.
        known = {name: value for name, value in self.box.running.environment.items() if not name.endswith("REGION")}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.project),
            "AWS_CONFIG_FILE": nothing,
            "AWS_SHARED_CREDENTIALS_FILE": nothing,
            "AWS_EC2_METADATA_DISABLED": "true",
            "DEPLOYMENT": str(self.file),
            "SAM_CLI_TELEMETRY": "0",
            "SAM_CLI_POLL_DELAY": "0.1",
            "__SAM_CLI_APP_DIR": str(self.project / "sam"),
            **known,
        }

    def left(self) -> dict[str, list[str]]:
        """Everything that a deployment makes, in every region that the tests use; without what is empty."""
        found: dict[str, list[str]] = {}
        for region in REGIONS:
            stacks = self.box.client("cloudformation", region).describe_stacks()["Stacks"]
            events = self.box.client("events", region)
            found[f"stacks {region}"] = sorted(each["StackName"] for each in stacks)
            found[f"rules {region}"] = [each["Name"] for each in events.list_rules()["Rules"]]
            sets = self.box.client("sesv2", region).list_configuration_sets() if region != MEXICO else {}
            found[f"sets {region}"] = list(sets.get("ConfigurationSets", ()))
            buses = [each["Name"] for each in events.list_event_buses()["EventBuses"]]
            found[f"buses {region}"] = [name for name in buses if name != "default"]
        found["tables"] = self.box.client("dynamodb").list_tables()["TableNames"]
        found["roles"] = [each["RoleName"] for each in self.box.client("iam").list_roles()["Roles"]]
        return {kind: names for kind, names in found.items() if names}

    def stacks(self) -> dict[str, list[str]]:
        """The names of the stacks by region."""
        return {
            kind.removeprefix("stacks "): names for kind, names in self.left().items() if kind.startswith("stacks ")
        }

    def drop_journals(self) -> None:
        """Delete the tables that a deletion keeps on purpose."""
        tables = self.box.client("dynamodb")
        for name in tables.list_tables()["TableNames"]:
            tables.update_table(TableName=name, DeletionProtectionEnabled=False)
            tables.delete_table(TableName=name)
