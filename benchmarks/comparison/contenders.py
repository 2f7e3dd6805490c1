"""Runs each tool on the pools, measures it, and reads its report."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

from sandbox.running import ROOT
from tests.e2e.box import Box

# The variables that a tool inherits; all others are those of AWS in a box.
_KEPT = ("PATH", "HOME", "LANG")
_PROWLER_FOUND = 3
_MEASURED = Path(__file__).with_name("measured.py")


class ToolFailed(Exception):
    """A tool did not end as it does after a complete run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: seconds of wall and processor time, megabytes at its peak, its calls, and words by resource ARN or name.

    ``load`` is the mean number of processes that wanted a processor, those of the run and all others.
    """

    wall: float
    processor: float
    memory: float
    calls: Sequence[Mapping[str, Any]]
    load: float
    reports: Mapping[str, frozenset[str]]


class Contender(Protocol):
    """A tool that reports on the resources of an account."""

    @property
    def name(self) -> str:
        """The name of the tool."""

    def run(self, box: Box, regions: Sequence[str], folder: Path) -> Run:
        """Run it once, and put its files into *folder*; raises ToolFailed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """``mailwarden audit``, which waits as little as the other tools do."""

    NAME: ClassVar[str] = "mailwarden audit --share 0"

    python: Path
    name: str = NAME

    def run(self, box: Box, regions: Sequence[str], folder: Path) -> Run:
        """Reports of a pool its verdict, unless that is yes."""
        out = folder / "audit.json"
        command = [
            str(self.python), "-m", "mailwarden_command", "audit", "--output", "json", "--to", str(out),
            "--regions", ",".join(regions), "--share", "0",
        ]  # fmt: skip
        paths = os.pathsep.join(str(ROOT / each) for each in ("command", "layers/core", "."))
        measured = _measured(box, command, folder, ends_with={0, 1, 2}, PYTHONPATH=paths)
        if not out.exists():
            raise ToolFailed((folder / "python.log").read_text()[-2000:])
        reports: dict[str, frozenset[str]] = {}
        for pool in json.loads(out.read_text())["pools"]:
            verdict = pool["verdict"]["can_send"]
            if verdict != "yes":
                reports[pool["pool"]["arn"]] = frozenset({verdict})
        return Run(**measured, reports=reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Custodian:
    """Cloud Custodian with the policies of ``custodian.yml``."""

    program: Path
    name: str = "Cloud Custodian"

    def run(self, box: Box, regions: Sequence[str], folder: Path) -> Run:
        """Reports of a resource the policies that select it."""
        written = Path(__file__).with_name("custodian.yml").read_text()
        totals = dict[str, Any](wall=0.0, processor=0.0, memory=0.0, calls=[], load=0.0)
        reports = defaultdict[str, set[str]](set)
        for region in regions:
            policies, out = folder / f"{region}.yml", folder / f"custodian-{region}"
            policies.write_text(written.replace("REGION", region))
            command = [
                str(self.program), "run", "--cache-period", "0", "--region", region, "-s", str(out), str(policies)
            ]  # fmt: skip
            measured = _measured(box, command, folder, ends_with={0})
            totals["memory"] = max(totals["memory"], measured["memory"])
            totals["load"] += measured["load"] / len(regions)
            for each in ("wall", "processor", "calls"):
                totals[each] += measured[each]
            for file in out.glob("*/resources.json"):
                for resource in json.loads(file.read_text()):
                    for name in _names(resource, region, box.account):
                        reports[name].add(file.parent.name)
        return Run(**totals, reports={name: frozenset(words) for name, words in reports.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prowler:
    """Prowler with all its checks of Cognito and SES."""

    program: Path
    name: str = "Prowler"

    def run(self, box: Box, regions: Sequence[str], folder: Path) -> Run:
        """Reports of a resource the checks that fail."""
        out = folder / "prowler"
        command = [
            str(self.program), "aws", "--services", "cognito", "ses", "--region", *regions, "-M", "json-ocsf",
            "-o", str(out), "-F", "findings", "--no-banner", "--no-color",
        ]  # fmt: skip
        measured = _measured(box, command, folder, ends_with={0, _PROWLER_FOUND})
        reports = defaultdict[str, set[str]](set)
        for finding in json.loads((out / "findings.ocsf.json").read_text()):
            if finding["status_code"] == "FAIL":
                for resource in finding["resources"]:
                    reports[resource["uid"]].add(finding["metadata"]["event_code"])
        return Run(**measured, reports={name: frozenset(words) for name, words in reports.items()})


def _names(resource: Mapping[str, Any], region: str, account: str) -> Iterator[str]:
    """The ARN of a resource as Custodian describes it."""
    if "Id" in resource:
        yield f"arn:aws:cognito-idp:{region}:{account}:userpool/{resource['Id']}"
    elif "IdentityName" in resource or "EmailIdentity" in resource:
        yield f"arn:aws:ses:{region}:{account}:identity/{resource.get('IdentityName') or resource['EmailIdentity']}"
    elif "ConfigurationSetName" in resource:
        yield f"arn:aws:ses:{region}:{account}:configuration-set/{resource['ConfigurationSetName']}"


def _measured(box: Box, command: list[str], folder: Path, *, ends_with: set[int], **more: str) -> dict[str, Any]:
    """Run a command against the box; raises ToolFailed with the end of its output."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= dict(box.running.environment) | more
    mark, load = box.mark(), os.getloadavg()[0]
    log, figures = (folder / f"{Path(command[0]).name}.{end}" for end in ("log", "json"))
    with log.open("w") as output:
        subprocess.run(  # noqa: S603 - the caller's program
            [sys.executable, "-S", str(_MEASURED), str(figures), *command],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
            check=True,
        )
    taken = json.loads(figures.read_text())
    ended = taken.pop("status")
    if ended not in ends_with:
        raise ToolFailed(f"{command[0]} ended with {ended}:\n{log.read_text()[-2000:]}")
    return {**taken, "calls": box.calls(since=mark), "load": (load + os.getloadavg()[0]) / 2}
