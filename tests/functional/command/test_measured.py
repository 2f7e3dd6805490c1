"""The memory that the comparison shows is the tool's, and not that of the program that starts it."""

import json
import subprocess
import sys
from pathlib import Path

from tests.functional.command.town import ROOT

MEASURED = ROOT / "benchmarks" / "comparison" / "measured.py"


def test_the_memory_of_a_command_is_its_own(tmp_path: Path) -> None:
    held = bytearray(b"x") * 150_000_000
    figures = tmp_path / "figures.json"

    subprocess.run([sys.executable, "-S", str(MEASURED), str(figures), "/bin/sh", "-c", "exit 3"], check=True)

    taken = json.loads(figures.read_text(encoding="utf-8"))
    assert len(held) > 100 * 1024 * 1024
    assert taken["memory"] < 100
    assert taken["status"] == 3


def test_the_measured_audit_decides_about_every_pool_and_finds_the_broken_tenth() -> None:
    program = ROOT / "benchmarks" / "audit_program.py"
    paths = [str(ROOT / folder) for folder in ("layers/core", "command", ".")]

    done = subprocess.run([sys.executable, str(program), "100", *paths], capture_output=True, text=True, check=True)

    found = json.loads(done.stdout)
    assert (found["pools"], found["broken"], found.get("unknown")) == (100, 10, 0)
