"""Compares the audit with other tools: ``python -m benchmarks.comparison --custodian PATH --prowler PATH``.

Install the other tools in environments of their own (``pip install c7n prowler``); a tool without a path is left out.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "layers" / "core"))
sys.path.insert(0, str(Path(__file__).parents[2] / "command"))

from benchmarks.comparison.accident import accident_lines
from benchmarks.comparison.contenders import Audit, Contender, Custodian, Prowler, Run
from benchmarks.comparison.paced import paced_seconds
from benchmarks.comparison.scoring import Score, Used, score
from benchmarks.comparison.town import REGIONS, Town, build_town
from benchmarks.deployment import PYTHON
from sandbox.running import ROOT, RunningSandbox
from tests.e2e.box import Box

PAGE = ROOT / "docs" / "comparison.md"
_MARKS = ("<!-- measured -->\n", "<!-- end -->\n")


def main() -> int:
    """Measure, print the tables, and write them into the page if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comparison", description=__doc__)
    parser.add_argument("--custodian", type=Path, help="the program custodian")
    parser.add_argument("--prowler", type=Path, help="the program prowler")
    parser.add_argument("--each", type=int, default=2, help="broken pools of each of the ten kinds")
    parser.add_argument("--sound", type=int, default=180, help="sound pools")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/comparison.md")
    given = parser.parse_args()
    contenders: list[Contender] = [Audit(python=PYTHON)]
    if given.custodian is not None:
        contenders.append(Custodian(program=given.custodian))
    if given.prowler is not None:
        contenders.append(Prowler(program=given.prowler))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(folder) as box:
            town = build_town(box, of_each_kind=given.each, sound=given.sound)
            used = what_pools_use(box)
            runs = {each.name: each.run(box, REGIONS, folder) for each in contenders}
        scores = {each: score(run, town, used) for each, run in runs.items()}
        lines = [*head_lines(town, contenders), *run_lines(runs, scores), *found_lines(town, scores)]
        lines += accident_lines(contenders, folder)
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if given.write:
        before, _, rest = PAGE.read_text().partition(_MARKS[0])
        PAGE.write_text(f"{before}{_MARKS[0]}\n{text}\n{_MARKS[1]}{rest.partition(_MARKS[1])[2]}")
    return 0


@contextmanager
def served(folder: Path) -> Iterator[Box]:
    """AWS in a box, and nothing in it."""
    with (folder / "box.log").open("w") as progress:
        arguments = ["serve", "--port", "0"]
        with RunningSandbox.start(PYTHON, arguments, progress=progress) as running:
            yield Box(running=running, directory=folder)


def what_pools_use(box: Box) -> Used:
    """The identity and the configuration set of each pool."""
    used: dict[str, frozenset[str]] = {}
    for region in REGIONS:
        cognito = box.client("cognito-idp", region)
        for page in cognito.get_paginator("list_user_pools").paginate(MaxResults=60):
            for listed in page["UserPools"]:
                pool = cognito.describe_user_pool(UserPoolId=listed["Id"])["UserPool"]
                email = pool.get("EmailConfiguration", {})
                names = {email.get("SourceArn", "")}
                if "ConfigurationSet" in email:
                    names.add(f"arn:aws:ses:{region}:{box.account}:configuration-set/{email['ConfigurationSet']}")
                used[pool["Arn"]] = frozenset(names - {""})
    return used


def head_lines(town: Town, contenders: list[Contender]) -> Iterator[str]:
    """The date, the pools and the versions of the tools."""
    yield f"Measured on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()}:"
    yield f"{len(town.broken)} broken and {len(town.sound)} sound pools in {len(REGIONS)} regions of AWS in a box,"
    yield "nearly each with an identity of its own."
    for each in contenders:
        if isinstance(each, Custodian):
            version = _version(each.program, "version")
            yield f"Cloud Custodian {version}, policies in `benchmarks/comparison/custodian.yml`."
        if isinstance(each, Prowler):
            yield f"{_version(each.program, '--version')}, its checks of Cognito and SES."
    yield ""


def run_lines(runs: dict[str, Run], scores: dict[str, Score]) -> Iterator[str]:
    """The table of time, memory, calls and pools found, by tool."""
    yield "| tool | broken pools found | sound pools reported | time | processor | memory | AWS calls | load |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, run in runs.items():
        got = scores[name]
        yield (
            f"| {name} | {sum(got.found.values())} of {sum(got.of.values())} | {got.false_alarms} "
            f"| {run.wall:.1f} s | {run.processor:.1f} s | {run.memory:.0f} MB | {len(run.calls)} | {run.load:.1f} |"
        )
    yield ""
    yield f"Load: how many processes wanted one of the {os.cpu_count()} processors, on average. Other work makes the"
    yield "times longer; the processor time is of the tool alone."
    yield ""
    paced = paced_seconds(runs[Audit.NAME].calls)
    yield f"Without `--share 0` the same requests take {paced:.0f} s: computed from their number and the"
    yield "pace of the command."
    yield ""


def found_lines(town: Town, scores: dict[str, Score]) -> Iterator[str]:
    """The table of pools found, by kind and tool."""
    yield f"| what is broken | {' | '.join(scores)} |"
    yield f"|---|{'---|' * len(scores)}"
    for kind in dict.fromkeys(town.broken.values()):
        cells = (f"{got.found[kind]} of {got.of[kind]}" for got in scores.values())
        yield f"| {kind} | {' | '.join(cells)} |"
    yield ""


def _version(program: Path, word: str) -> str:
    command = [str(program), word]
    said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the caller's program
    return said.stdout.strip().splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main())
