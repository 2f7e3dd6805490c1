"""Measures what the design promises, in one run: ``python -m benchmarks [NAME…] [--pools N…]``; see ``make bench``."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "layers" / "core"))

from benchmarks import audit, cold_init, judging, package, policy_decisions, reads_per_event, scale, tally, warm_look
from benchmarks.figures import Figure, show


def main() -> int:
    """Print one table. A missed target is not an error of the program: machines differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "name",
        nargs="*",
        help="judging, decisions, tally, package, cold, warm, scale, audit, reads; all of them by default",
    )
    parser.add_argument("--pools", nargs="+", type=int, default=[5, 500], help="sizes of the account, for the reads")
    arguments = parser.parse_args()
    measures: dict[str, Callable[[], list[Figure]]] = {
        "judging": judging.figures,
        "decisions": policy_decisions.figures,
        "tally": tally.figures,
        "package": package.figures,
        "cold": cold_init.figures,
        "warm": warm_look.figures,
        "scale": scale.figures,
        "audit": audit.figures,
        "reads": lambda: reads_per_event.figures(sorted(arguments.pools)),
    }
    unknown = sorted(set(arguments.name) - set(measures))
    if unknown:
        parser.error(f"{', '.join(unknown)} is none of {', '.join(measures)}")
    found: list[Figure] = []
    for name in arguments.name or measures:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        found += measures[name]()
    show(found)
    return 0


sys.exit(main())
