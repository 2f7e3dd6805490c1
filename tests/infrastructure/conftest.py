"""Fixtures of several infrastructure tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infrastructure.templates import ROOT


@pytest.fixture(scope="session")
def built_layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both layers as `sam build` makes them, each under its logical id."""
    make = shutil.which("make")
    assert make is not None
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    folder = tmp_path_factory.mktemp("layers")
    for layer, sources in {"CoreLayer": "core", "DependenciesLayer": "dependencies"}.items():
        run = subprocess.run(
            [make, "-C", str(ROOT / "layers" / sources), f"build-{layer}", f"ARTIFACTS_DIR={folder / layer}"],
            env={**os.environ, "PATH": path},
            check=False,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
    return folder
