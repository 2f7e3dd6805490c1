"""How long a cold start of ``inspect`` takes, against a function that only imports boto3 and creates the same clients.

Both run from the built artifacts in fresh processes, in turn, with an interpreter that sees nothing else. Like in
Lambda, where the layers cannot be written, nothing is kept from one process to the next.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from benchmarks.package import BUILT, NotBuilt

RUNS = 9
LIMIT = 1.25
_PROGRAM = Path(__file__).with_name("cold_program.py")
_LAYERS = (BUILT / "CoreLayer" / "python", BUILT / "DependenciesLayer" / "python")


def figures() -> list[Figure]:
    """Processor time until ready for the first event: medians of both, and their ratio."""
    if not (BUILT / "InspectFunction").is_dir():
        raise NotBuilt(f"{BUILT / 'InspectFunction'} is not there: run make build first")
    runs = [(_run("boto3", _LAYERS[1]), _run("inspect", BUILT / "InspectFunction", *_LAYERS)) for _ in range(RUNS)]
    baseline, ours = median(run[0] for run in runs), median(run[1] for run in runs)
    return [
        Figure(what="cold start, boto3 and the clients", value=baseline, unit="ms"),
        Figure(what="cold start, inspect", value=ours, unit="ms", note=f"medians of {RUNS}"),
        Figure(what="cold start, inspect against boto3", value=ours / baseline, limit=LIMIT, unit="times"),
    ]


def _run(program: str, *paths: Path) -> float:
    command = [sys.executable, "-S", "-E", "-B", str(_PROGRAM), program, *map(str, paths)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own
