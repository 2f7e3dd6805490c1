"""Measures the size of the layers, zipped as deployed."""

import io
import zipfile
from pathlib import Path

from benchmarks.figures import Figure

BUILT = Path(__file__).parents[1] / ".aws-sam" / "build"
LIMIT_KILOBYTES_OF_SOURCE = 300.0
LIMIT_KILOBYTES_OF_LIBRARIES = 5_600.0


class NotBuilt(Exception):
    """There are no built artifacts to measure."""


def figures() -> list[Figure]:
    """The core layer without and with bytecode, and the dependencies layer."""
    core, dependencies = BUILT / "CoreLayer", BUILT / "DependenciesLayer"
    return [
        Figure(
            what="core layer, zipped without bytecode",
            value=_zipped(core, bytecode=False),
            limit=LIMIT_KILOBYTES_OF_SOURCE,
            unit="KB",
        ),
        Figure(what="core layer, zipped as deployed", value=_zipped(core), unit="KB", note="with bytecode"),
        Figure(
            what="dependencies layer, zipped",
            value=_zipped(dependencies),
            limit=LIMIT_KILOBYTES_OF_LIBRARIES,
            unit="KB",
            note="with bytecode",
        ),
    ]


def _zipped(layer: Path, *, bytecode: bool = True) -> float:
    if not layer.is_dir():
        raise NotBuilt(f"{layer} is not there: run make build first")
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(layer.rglob("*")):
            if file.is_file() and (bytecode or file.suffix != ".pyc"):
                archive.write(file, file.relative_to(layer))
    return len(memory.getvalue()) / 1024
