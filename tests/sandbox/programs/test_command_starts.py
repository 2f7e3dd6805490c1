"""The command starts where ``make`` runs it: in the environment of AWS in a box, with what a checkout has there."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-sandbox" / "bin" / "python"
MODULES = sorted(
    ".".join(path.relative_to(ROOT / "command").with_suffix("").parts)
    for path in (ROOT / "command" / "mailwarden_command").rglob("*.py")
    if path.name not in {"__main__.py", "__init__.py"}
)


def test_every_module_of_the_command_has_what_it_imports() -> None:
    imports = "\n".join(f"import {module}" for module in MODULES)

    done = subprocess.run(
        [str(PYTHON), "-c", imports],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'layers/core'}:{ROOT / 'command'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
