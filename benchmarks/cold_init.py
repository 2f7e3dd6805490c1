"""Measures the cold start of each function, and of ``inspect`` against a function with only boto3.

The comparison imports boto3 and creates the same clients, from a plain pip installation with bytecode, like our layers.
This benchmark once compared with boto3 *without* bytecode, as `sam build` leaves it, and reported 1.0 instead of 2.2;
the table still shows that figure, and boto3 from our own layer. All run from built artifacts in fresh processes, in
turn, with an isolated interpreter. As in Lambda, where layers are read-only, processes share nothing.
"""

import compileall
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from py_compile import PycInvalidationMode
from statistics import median

from benchmarks.figures import Figure
from benchmarks.package import BUILT, NotBuilt

RUNS = 9
LIMIT = 1.5
FUNCTIONS = ("announce", "ask", "inspect", "operate", "repair", "reputation", "slack", "sweep", "tally")
_PROGRAM = Path(__file__).with_name("cold_program.py")
_CORE = BUILT / "CoreLayer" / "python"
_DEPENDENCIES = BUILT / "DependenciesLayer" / "python"
# boto3 and its dependencies.
_SDK = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")


def figures() -> list[Figure]:
    """The processor time until ready for the first event: medians, and the ratio."""
    if not _CORE.is_dir():
        raise NotBuilt(f"{_CORE} is not there: run make build first")
    with tempfile.TemporaryDirectory() as folder:
        bare, compiled = Path(folder) / "bare", Path(folder) / "compiled"
        _install(bare)
        shutil.copytree(bare, compiled)
        compileall.compile_dir(compiled, quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
        programs = {
            "bare": ("boto3", bare),
            "compiled": ("boto3", compiled),
            "lean": ("boto3", _DEPENDENCIES),
            **{name: (name, BUILT / f"{name.capitalize()}Function", _CORE, _DEPENDENCIES) for name in FUNCTIONS},
        }
        runs = [{name: _run(*program) for name, program in programs.items()} for _ in range(RUNS)]
    took = {name: median(run[name] for run in runs) for name in programs}
    return [*_alternatives(took), *_functions(took)]


def _alternatives(took: dict[str, float]) -> list[Figure]:
    return [
        Figure(
            what="cold start, boto3 with bytecode and the clients",
            value=took["compiled"],
            unit="ms",
            note=f"as pip installs it; medians of {RUNS}",
        ),
        Figure(
            what="cold start, the same without bytecode",
            value=took["bare"],
            unit="ms",
            note="what inspect was compared with before, which was not like with like",
        ),
        Figure(
            what="cold start, the same from our dependencies layer",
            value=took["lean"],
            unit="ms",
            note="bytecode, and lean data of the SDK",
        ),
    ]


def _functions(took: dict[str, float]) -> list[Figure]:
    ours = took["inspect"]
    against = f"{ours / took['bare']:.2f} of it without bytecode, {ours / took['lean']:.2f} of it from our layer"
    return [
        *(Figure(what=f"cold start, {name}", value=took[name], unit="ms") for name in FUNCTIONS),
        Figure(
            what="cold start, inspect against boto3 with bytecode",
            value=ours / took["compiled"],
            limit=LIMIT,
            unit="times",
            note=against,
        ),
    ]


def _install(folder: Path) -> None:
    """Copy this environment's SDK, which is pinned to the layer's version, without bytecode."""
    folder.mkdir()
    for name in _SDK:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        source = Path(spec.origin)
        if source.name == "__init__.py":
            shutil.copytree(source.parent, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)


def _run(program: str, *paths: Path) -> float:
    command = [sys.executable, "-S", "-E", "-B", str(_PROGRAM), program, *map(str, paths)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own
