"""Measures one look of a warm ``inspect``: its processor time and its calls of AWS and of the ledger.

The built function runs in a process of its own, so that nothing of the sandbox counts. A steady look is one of the
sweep: nothing changed, and what looks share was read within the last minute. A fresh look is one that an event
causes: it uses no cache.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from benchmarks.deployment import as_if_swept, deployed, developer_pool, sound_identity
from benchmarks.figures import Figure
from benchmarks.package import BUILT, NotBuilt
from tests.e2e.box import HOME, STACK, Box

RUNS = 3
LOOKS = 100
LIMIT_MILLISECONDS = 8.0
LIMIT_CALLS = 9.0
_PROGRAM = Path(__file__).with_name("warm_program.py")
_PATHS = (BUILT / "InspectFunction", BUILT / "CoreLayer" / "python", BUILT / "DependenciesLayer" / "python")
_LEDGER = "dynamodb:"


def figures() -> list[Figure]:
    """Processor time and calls of a look, by kind: medians of several processes."""
    if not _PATHS[0].is_dir():
        raise NotBuilt(f"{_PATHS[0]} is not there: run make build first")
    with deployed() as box:
        as_if_swept(box)
        identity = sound_identity(box)
        # The deployed function would look at the pools, too, once the events of the identity arrive.
        box.quiet()
        with box.without_events():
            # A look of the sweep is dated a minute back and would give way to an earlier process's fresh look.
            pools = [[developer_pool(box, identity) for _ in ("steady", "fresh")] for _ in range(RUNS)]
        runs = [_run(box, *each) for each in pools]
    return [*_kind("steady", runs, has_target=True), *_kind("fresh", runs, has_target=False)]


def _run(box: Box, *pools: str) -> Mapping[str, Mapping[str, object]]:
    function = box.client("lambda").get_function_configuration(FunctionName=f"{STACK}-inspect")
    environment = {"PATH": os.environ["PATH"], **function["Environment"]["Variables"], **box.running.environment}
    arns = [f"arn:aws:cognito-idp:{HOME}:{box.account}:userpool/{pool}" for pool in pools]
    command = [sys.executable, "-S", "-E", "-B", str(_PROGRAM), *arns, str(LOOKS), *map(str, _PATHS)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    told: Mapping[str, Mapping[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return told


def _kind(kind: str, runs: list[Mapping[str, Mapping[str, object]]], *, has_target: bool) -> Iterator[Figure]:
    took = median(float(str(run[kind]["ms"])) for run in runs)
    calls = runs[-1][kind]["calls"]
    assert isinstance(calls, dict)
    of_the_ledger = sum(number for name, number in calls.items() if name.startswith(_LEDGER))
    total = sum(calls.values())
    yield Figure(
        what=f"warm look, {kind}",
        value=took,
        limit=LIMIT_MILLISECONDS if has_target else None,
        unit="ms",
        note=f"processor; medians of {LOOKS} looks in {RUNS} processes",
    )
    yield Figure(
        what=f"calls of a warm look, {kind}",
        value=total,
        limit=LIMIT_CALLS if has_target else None,
        note=f"{total - of_the_ledger:g} of AWS, {of_the_ledger:g} of the ledger",
    )
