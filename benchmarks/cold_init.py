"""How long a cold start of ``inspect`` takes, against a function that only imports boto3 and creates the same clients.

Both run from the built artifacts in fresh processes, in turn, with an interpreter that sees nothing else; like in
Lambda, where layers cannot be written, nothing is kept from one process to the next. The alternative has boto3 as
`sam build` leaves it, without bytecode; what it would take with the bytecode of our layer is shown as well.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from benchmarks.package import BUILT, NotBuilt

RUNS = 9
LIMIT = 1.25
_PROGRAM = Path(__file__).with_name("cold_program.py")
_FUNCTION = BUILT / "InspectFunction"
_CORE = BUILT / "CoreLayer" / "python"
_DEPENDENCIES = BUILT / "DependenciesLayer" / "python"


def figures() -> list[Figure]:
    """Processor time until ready for the first event: medians, and the ratio."""
    if not _FUNCTION.is_dir():
        raise NotBuilt(f"{_FUNCTION} is not there: run make build first")
    with tempfile.TemporaryDirectory() as folder:
        usual = Path(folder) / "python"
        shutil.copytree(_DEPENDENCIES, usual, ignore=shutil.ignore_patterns("__pycache__"))
        runs = [
            (_run("boto3", usual), _run("boto3", _DEPENDENCIES), _run("inspect", _FUNCTION, _CORE, _DEPENDENCIES))
            for _ in range(RUNS)
        ]
    plain, compiled, ours = (median(times) for times in zip(*runs, strict=True))
    return [
        Figure(what="cold start, boto3 and the clients", value=plain, unit="ms", note=f"medians of {RUNS}"),
        Figure(what="cold start, the same with bytecode", value=compiled, unit="ms"),
        Figure(what="cold start, inspect", value=ours, unit="ms", note=f"{ours / compiled:.2f} of that with bytecode"),
        Figure(what="cold start, inspect against boto3", value=ours / plain, limit=LIMIT, unit="times"),
    ]


def _run(program: str, *paths: Path) -> float:
    command = [sys.executable, "-S", "-E", "-B", str(_PROGRAM), program, *map(str, paths)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own
