"""The audit in a process of its own, against answers made on request: memory, processor, calls."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure

_ROOT = Path(__file__).parents[1]
_POOLS = (60, 1_000, 5_000)
_MOST_MEGABYTES = 150
_MOST_CALLS = 7


def figures() -> list[Figure]:
    """Of accounts of some sizes: peak memory, processor time and requests for each pool, with shared identities."""
    found: list[Figure] = []
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
                unit="ms",
            ),
        ]
    return found


def _measure(pools: int) -> dict[str, float]:
    program = Path(__file__).with_name("audit_program.py")
    paths = [str(_ROOT / folder) for folder in ("layers/core", "command", ".")]
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(program), str(pools), *paths], capture_output=True, text=True, check=True
    )
    measured: dict[str, float] = json.loads(ended.stdout)
    return measured
