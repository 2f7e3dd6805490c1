"""The SDK is deployed with the data of the services that the code calls, and knows of them what the whole SDK knows."""

import ast
import json
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import pytest

from tests.infrastructure.templates import ROOT

DEPENDENCIES = ROOT / "layers" / "dependencies"
SERVICES = (DEPENDENCIES / "services.txt").read_text(encoding="utf-8").split()
# One or two calls, with a type of ours.
TYPED_BY_HAND = {"events", "kms", "securityhub"}
REGIONS = ("ap-northeast-2", "cn-north-1", "eu-west-1", "eusc-de-east-1", "us-east-1", "us-gov-west-1")
MODULES = sorted([*(ROOT / "layers/core/mailwarden").rglob("*.py"), *(ROOT / "functions").rglob("*.py")])
prune = cast("Callable[[Path, list[str]], None]", runpy.run_path(str(DEPENDENCIES / "lean_sdk.py"))["prune"])

# Run with both SDKs: the data of clients, without texts.
DESCRIBE = """
import json, sys
sys.path.insert(0, sys.argv[1])
import botocore
from boto3.session import Session
services, regions = json.loads(sys.argv[2]), json.loads(sys.argv[3])
session = Session("nobody", "nothing")

def shape(of):
    members = {name: member.name for name, member in getattr(of, "members", {}).items()}
    return [of.type_name, members, getattr(of, "required_members", []), of.metadata, of.serialization]

told = {"version": botocore.__version__}
for service in services:
    for region in regions:
        client = session.client(service, region_name=region)
        signer = client._request_signer
        told[f"{service} in {region}"] = [
            client.meta.endpoint_url, signer.region_name, signer.signing_name, signer.signature_version,
        ]
    model = client.meta.service_model
    told[f"regions of {service}"] = session.get_available_regions(service)
    told[f"waiters of {service}"] = client.waiter_names
    told[f"metadata of {service}"] = model.metadata
    told[f"endpoint rules of {service}"] = session._loader.load_service_model(service, "endpoint-rule-set-1")
    for name in model.operation_names:
        operation = model.operation_model(name)
        shapes = [each and each.name for each in (operation.input_shape, operation.output_shape)]
        method = botocore.xform_name(name)
        told[f"{service}:{name}"] = [
            operation.http, operation.auth_type, operation.idempotent_members, operation.static_context_parameters,
            [each.name for each in operation.error_shapes], shapes, client.can_paginate(method),
            vars(client.get_paginator(method))["_pagination_cfg"] if client.can_paginate(method) else None,
        ]
    for name in model.shape_names:
        told[f"shape {name} of {service}"] = shape(model.shape_for(name))
print(json.dumps(told, default=str))
"""


def test_every_service_that_the_code_calls_is_in_the_list_and_none_else() -> None:
    created = {service for module in MODULES for service in _created(ast.parse(module.read_text(encoding="utf-8")))}

    assert sorted(created) == SERVICES, "list the services that the code calls in layers/dependencies/services.txt"


def test_the_types_of_clients_agree() -> None:
    typed = {service for module in MODULES for service in _typed(ast.parse(module.read_text(encoding="utf-8")))}

    assert sorted(typed | TYPED_BY_HAND) == SERVICES, "list these stubs in requirements/dev.in, and no others"


def test_the_lean_sdk_has_the_same_data_of_each_service_as_the_full_one(built_layers: Path) -> None:
    whole = _described(_site_packages())
    lean = _described(built_layers / "DependenciesLayer" / "python")

    assert set(lean) == set(whole)
    assert [of for of in whole if lean[of] != whole[of]] == []
    assert len(whole) > len(SERVICES) * len(REGIONS)


def test_other_services_and_all_documentation_are_left_out(built_layers: Path) -> None:
    data = built_layers / "DependenciesLayer" / "python" / "botocore" / "data"
    models = list(data.rglob("service-2.json"))
    endpoints = json.loads((data / "endpoints.json").read_bytes())

    assert sorted(each.name for each in data.iterdir() if each.is_dir()) == sorted([*SERVICES, "sts"])
    assert sorted(each.name for each in data.iterdir() if each.is_file()) == [
        "_retry.json",
        "endpoints.json",
        "partitions.json",
        "sdk-default-configuration.json",
    ]
    # Lambda has two versions of its API.
    assert {model.relative_to(data).parts[0] for model in models} == {*SERVICES, "sts"}
    assert not [model for model in models if '"documentation":"' in model.read_text(encoding="utf-8")]
    assert {"dynamodb", "email", "monitoring"} <= set(endpoints["partitions"][0]["services"])
    assert "s3" not in endpoints["partitions"][0]["services"]


def test_the_functions_start_with_the_deployed_layers(built_layers: Path) -> None:
    layers = [str(built_layers / layer / "python") for layer in ("CoreLayer", "DependenciesLayer")]
    start = "import sys; sys.path[:0] = sys.argv[2:]; sys.path.insert(0, sys.argv[1]); import app; print(app.handler)"

    for function in sorted((ROOT / "functions").iterdir()):
        run = subprocess.run(
            [sys.executable, "-I", "-S", "-B", "-c", start, str(function), *layers],
            check=False,
            capture_output=True,
            text=True,
        )

        assert run.returncode == 0, run.stderr
        assert "handler" in run.stdout


def test_an_unknown_service_ends_the_build(tmp_path: Path) -> None:
    (tmp_path / "botocore" / "data" / "sts").mkdir(parents=True)

    with pytest.raises(ValueError, match="botocore has no data of simplemail"):
        prune(tmp_path, ["simplemail"])


def _created(module: ast.Module) -> Iterator[str]:
    """The services of all ``….client("<service>", …)``; a service that is not written out cannot be known here."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(attr="client"), args=[ast.Constant(value=str(service)), *_]):
                yield service
            case ast.Call(func=ast.Attribute(attr="client" | "resource" | "create_client")):
                raise AssertionError(f"write the service out, or use no resource: {ast.unparse(node)}")
            case _:
                pass


def _typed(module: ast.Module) -> Iterator[str]:
    """The services of all imports of ``mypy_boto3_<service>``."""
    for node in ast.walk(module):
        match node:
            case ast.ImportFrom(module=str(name)) if name.startswith("mypy_boto3_"):
                yield name.removeprefix("mypy_boto3_").partition(".")[0].replace("_", "-")
            case _:
                pass


def _site_packages() -> Path:
    spec = find_spec("botocore")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parents[1]


def _described(sdk: Path) -> dict[str, object]:
    arguments = [str(sdk), json.dumps(SERVICES), json.dumps(REGIONS)]
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", DESCRIBE, *arguments], check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    told: dict[str, object] = json.loads(run.stdout)
    return told
