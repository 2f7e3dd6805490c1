"""Removes the data of unused services from an installed SDK: ``python lean_sdk.py FOLDER services.txt``.

botocore contains the data of more than 400 services, nine tenths of a function's size. From the remaining services it
removes the models' documentation and the endpoints of other services. Nothing stays compressed: the layer is zipped as
a whole, and each cold start reads these files to create clients.
"""

import gzip
import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

# botocore itself calls it when credentials come from a role.
ALWAYS = frozenset({"sts"})


def prune(folder: Path, services: Iterable[str]) -> None:
    """Prune the ``botocore`` and ``boto3`` that are installed in a folder, in place.

    Raises:
        ValueError: botocore does not know a service.
    """
    data, kept = folder / "botocore" / "data", ALWAYS.union(services)
    known = {each.name for each in data.iterdir() if each.is_dir()}
    if unknown := kept - known:
        raise ValueError(f"botocore has no data of {', '.join(sorted(unknown))}")
    for service in known - kept:
        shutil.rmtree(data / service)
    # boto3's own data only serves `Session.resource`, which is not used.
    shutil.rmtree(folder / "boto3" / "data", ignore_errors=True)
    for example in data.rglob("examples-1.json*"):
        example.unlink()
    for packed in data.rglob("*.json.gz"):
        _unpack(packed)
    models = [json.loads(model.read_bytes()) for model in data.rglob("service-2.json")]
    _keep_endpoints(data / "endpoints.json", {model["metadata"]["endpointPrefix"] for model in models})


def _unpack(packed: Path) -> None:
    content = gzip.decompress(packed.read_bytes())
    if packed.name == "service-2.json.gz":
        content = _written(_without_documentation(json.loads(content)))
    packed.with_suffix("").write_bytes(content)
    packed.unlink()


def _without_documentation(model: object) -> object:
    match model:
        case dict():
            # A shape's member may have this name; then the value is not a text.
            texts = {key for key, value in model.items() if key == "documentation" and isinstance(value, str)}
            return {key: _without_documentation(value) for key, value in model.items() if key not in texts}
        case list():
            return [_without_documentation(each) for each in model]
        case _:
            return model


def _keep_endpoints(file: Path, prefixes: set[str]) -> None:
    endpoints = json.loads(file.read_bytes())
    for partition in endpoints["partitions"]:
        partition["services"] = {name: of for name, of in partition["services"].items() if name in prefixes}
    file.write_bytes(_written(endpoints))


def _written(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


if __name__ == "__main__":
    prune(Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8").split())
