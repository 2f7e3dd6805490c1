"""Writes one generated file of the documentation, or with ``--check`` compares it."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def keep(file: Path, wanted: str, *, description: str | None) -> int:
    """Write *file*, or report that it is out of date; the exit status is 1 for a difference, otherwise 0."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="only compare")
    return put(file, wanted, check=parser.parse_args().check)


def put(file: Path, wanted: str, *, check: bool) -> int:
    """As ``keep``, for a program with a command line of its own."""
    name = file.relative_to(ROOT)
    if check:
        there = file.read_text(encoding="utf-8") if file.exists() else ""
        if there != wanted:
            print(f"{name} is out of date: run make docs", file=sys.stderr)
        return int(there != wanted)
    file.write_text(wanted, encoding="utf-8")
    print(f"wrote {name}")
    return 0
