"""The two layers, built as `sam build` does: lean, and with bytecode that Lambda's Python takes without a check."""

import io
import marshal
import zipfile
from collections.abc import Iterator
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType

import pytest

from tests.infrastructure.templates import HOME, ROOT, globals_of_functions, template

FOLDERS = {"CoreLayer": "core", "DependenciesLayer": "dependencies"}
# Not the design's 300 KB: docs/adr/0018 says what the archive costs and what is measured in its place.
KILOBYTES_OF_SOURCE = 695
# importlib and PEP 552: 4 bytes of magic number, 4 of flags, 8 of a hash.
UNCHECKED_HASH = 0b01
HEADER = 16
# `CompatibleRuntimes` is python3.13, whose magic number has not changed since its first release.
PYTHON_313 = (3571).to_bytes(2, "little") + b"\r\n"


@pytest.mark.parametrize("layer", FOLDERS)
def test_every_module_has_unchecked_bytecode(layer: str, built_layers: Path) -> None:
    modules = sorted((built_layers / layer).rglob("*.py"))

    headers = {module: _bytecode(module).read_bytes()[:8] for module in modules}

    assert modules
    assert MAGIC_NUMBER == PYTHON_313
    assert set(headers.values()) == {PYTHON_313 + UNCHECKED_HASH.to_bytes(4, "little")}
    assert len(list((built_layers / layer).rglob("*.pyc"))) == len(modules)


@pytest.mark.parametrize("layer", FOLDERS)
def test_a_traceback_names_the_file_where_lambda_has_it(layer: str, built_layers: Path) -> None:
    for module in (built_layers / layer).rglob("*.py"):
        code: CodeType = marshal.loads(_bytecode(module).read_bytes()[HEADER:])  # noqa: S302 - built above

        expected = f"/opt/{module.relative_to(built_layers / layer)}"

        assert {each.co_filename for each in _codes(code)} == {expected}


def test_the_core_is_complete(built_layers: Path) -> None:
    package = ROOT / "layers" / "core" / "mailwarden"
    shipped = built_layers / "CoreLayer" / "python" / "mailwarden"

    assert _files(shipped) == _files(package)


def test_the_core_stays_small(built_layers: Path) -> None:
    memory = io.BytesIO()
    layer = built_layers / "CoreLayer"
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in layer.rglob("*"):
            if file.is_file() and file.suffix != ".pyc":
                archive.write(file, file.relative_to(layer))

    assert len(memory.getvalue()) / 1024 < KILOBYTES_OF_SOURCE


@pytest.mark.parametrize(("layer", "folder"), FOLDERS.items())
def test_each_layer_is_built_by_the_makefile_in_its_folder(layer: str, folder: str) -> None:
    resource = template(HOME).resources[layer]

    assert resource["Metadata"]["BuildMethod"] == "makefile"
    assert resource["Properties"]["ContentUri"] == f"layers/{folder}"
    assert resource["Properties"]["CompatibleRuntimes"] == ["python3.13"]


def test_the_libraries_are_installed_by_their_hashes_and_for_the_architecture_of_the_functions() -> None:
    makefile = (ROOT / "layers" / "dependencies" / "Makefile").read_text(encoding="utf-8")

    assert "--require-hashes" in makefile
    assert "--platform manylinux2014_aarch64" in makefile
    assert globals_of_functions()["Architectures"] == ["arm64"]
    assert template(HOME).resources["DependenciesLayer"]["Metadata"]["BuildArchitecture"] == "arm64"


def _bytecode(module: Path) -> Path:
    return module.parent / "__pycache__" / f"{module.stem}.cpython-313.pyc"


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _files(folder: Path) -> set[Path]:
    return {
        file.relative_to(folder) for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts
    }
