"""The audit in a process of its own, against answers made on request: memory, processor, calls."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures import Figure

_ROOT = Path(__file__).parents[1]
_PATHS = [str(_ROOT / folder) for folder in ("layers/core", "command", ".")]
_POOLS = (60, 1_000, 5_000)
_MOST_MEGABYTES = 150
_MOST_CALLS = 7
_MOST_MILLISECONDS = 1.5


def figures() -> list[Figure]:
    """Of accounts of some sizes: peak memory, processor time and requests for each pool, with shared identities."""
    found = [Figure(what="audit: time to the first line", value=1_000 * _first_line(), limit=1_000, unit="ms")]
    for pools in _POOLS:
        measured = _measure(pools)
        found += [
            Figure(
                what=f"audit of {pools:,} pools: peak memory",
                value=measured["megabytes"],
                limit=_MOST_MEGABYTES,
                unit="MB",
            ),
            Figure(
                what=f"audit of {pools:,} pools: calls a pool",
                value=measured["calls"] / pools,
                limit=_MOST_CALLS,
                note="four pools share an identity",
            ),
            Figure(
                what=f"audit of {pools:,} pools: processor a pool",
                value=1_000 * measured["processor"] / pools,
                # Of a smaller account the start of the program is the most.
                limit=_MOST_MILLISECONDS if pools == max(_POOLS) else None,
                unit="ms",
            ),
        ]
    return found


def _first_line() -> float:
    """The seconds from the start of the process to its first line; nothing answers it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(_PATHS), "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "mailwarden_command", "audit"], env=environment, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        process.stderr.readline()
        passed = time.monotonic() - began
        process.kill()
    return passed


def _measure(pools: int) -> dict[str, float]:
    program = Path(__file__).with_name("audit_program.py")
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(program), str(pools), *_PATHS], capture_output=True, text=True, check=True
    )
    measured: dict[str, float] = json.loads(ended.stdout)
    return measured
