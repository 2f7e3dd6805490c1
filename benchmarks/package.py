"""How big the layers are, zipped as they are deployed."""

import io
import zipfile
from pathlib import Path

from benchmarks.figures import Figure

BUILT = Path(__file__).parents[1] / ".aws-sam" / "build"
LIMIT_KILOBYTES = 300.0


class NotBuilt(Exception):
    """There are no built artifacts to measure."""


def figures() -> list[Figure]:
    """The core layer, and how much the dependencies add."""
    return [
        Figure(what="core layer, zipped", value=_zipped(BUILT / "CoreLayer"), limit=LIMIT_KILOBYTES, unit="KB"),
        Figure(what="dependencies layer, zipped", value=_zipped(BUILT / "DependenciesLayer"), unit="KB"),
    ]


def _zipped(layer: Path) -> float:
    if not layer.is_dir():
        raise NotBuilt(f"{layer} is not there: run make build first")
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(layer.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(layer))
    return len(memory.getvalue()) / 1024
