"""The layer and the box have two versions of the SDK, because the box's programs pin an older one: both answer alike.

The reason is in docs/adr/0005-three-environments-and-locked-requirements.md.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sandbox.running import ROOT
from tools.region_table.ses_regions import ses_regions

SANDBOX = ROOT / ".venv-sandbox" / "bin" / "python"
# In the template, but no operations: conditions, and permissions that no call of that name needs.
NO_OPERATIONS = frozenset(
    {"AWSServiceName", "LeadingKeys", "PassRole", "PassedToService", "PartiQLDelete", "PartiQLInsert", "PartiQLUpdate"}
)
# Those of the Lambda service itself, which reads a stream for a function.
OF_LAMBDA = frozenset({"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"})
# Members that only the layer's SDK has. They make no difference in the box, which stores and shows every member of a
# request, also those that its model does not know.
NEWER = {
    "cognito-idp:DescribeUserPool": {"output.UserPool.AcrConfiguration", "output.UserPool.DcrConfiguration"},
    # A filter, which is not used: without it, the answer has every client.
    "cognito-idp:ListUserPoolClients": {"input.ClientType"},
    # An algorithm of keys that encrypt no code of Cognito, and are not read.
    "kms:DescribeKey": {"output.KeyMetadata.EncapsulationAlgorithms"},
    "cognito-idp:UpdateUserPool": {"input.AcrConfiguration", "input.DcrConfiguration"},
    # A resource of another cloud: no finding of ours is about one.
    "securityhub:BatchImportFindings": {"input.Findings[].Resources[].Details.GcpResource"},
}
SCRIPT = """
import importlib.metadata, json, sys
import botocore, botocore.session
session = botocore.session.get_session()

def paths(shape, path, seen=()):
    if shape is None or shape.name in seen:
        return
    seen = (*seen, shape.name)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            inner = f"{path}.{name}"
            required = name in shape.required_members
            yield inner, [member.type_name, required, member.serialization.get("name", name)]
            yield from paths(member, inner, seen)
    elif shape.type_name == "list":
        yield from paths(shape.member, f"{path}[]", seen)
    elif shape.type_name == "map":
        yield from paths(shape.value, f"{path}.*", seen)

found = {}
for each in json.loads(sys.argv[1]):
    service, _, name = each.partition(":")
    model = session.get_service_model(service)
    if name not in model.operation_names:
        found[each] = None
        continue
    operation = model.operation_model(name)
    errors = {f"error {shape.name}": [] for shape in operation.error_shapes}
    found[each] = dict(paths(operation.input_shape, "input")) | dict(paths(operation.output_shape, "output")) | errors
partitions = session.get_available_partitions()
regions = {region: session.get_partition_for_region(region) for region in json.loads(sys.argv[2])}
names = ("ministack", "aws-sam-cli")
pins = {}
for name in names:
    try:
        pins[name] = [each for each in importlib.metadata.requires(name) or [] if each.startswith("boto")]
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps({"version": botocore.__version__, "operations": found, "partitions": regions, "pins": pins}))
"""


@cache
def operations() -> tuple[str, ...]:
    """The operations that the functions may call, as ``service:Operation``; SES is called by its second API."""
    services = (ROOT / "layers/dependencies/services.txt").read_text(encoding="utf-8").split()
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    named = re.findall(rf"\b({'|'.join(services)}|ses):([A-Z][A-Za-z]+)", text)
    return tuple(
        sorted(
            {
                f"{'sesv2' if service == 'ses' else service}:{name}"
                for service, name in named
                if name not in NO_OPERATIONS | OF_LAMBDA
            }
        )
    )


@cache
def answers(python: Path) -> Mapping[str, Any]:
    """What an environment's SDK answers."""
    given = (json.dumps(operations()), json.dumps(sorted(ses_regions())))
    told = subprocess.run([python, "-c", SCRIPT, *given], capture_output=True, text=True, check=True).stdout
    return dict(json.loads(told))


def layer() -> Mapping[str, Any]:
    return answers(Path(sys.executable))


def box() -> Mapping[str, Any]:
    return answers(SANDBOX)


def test_the_box_pins_an_older_sdk_because_its_programs_require_that_very_version() -> None:
    (emulator,) = box()["pins"]["ministack"][:1]
    sam = [each for each in box()["pins"]["aws-sam-cli"] if each.startswith("boto3[") and "==" in each]

    assert emulator == f"botocore=={box()['version']}"
    assert len(sam) == 1
    assert box()["version"] != layer()["version"], "both are one by now: say so in ADR 5, and drop this file"


def test_the_tests_run_with_the_sdk_of_the_layer() -> None:
    pinned = (ROOT / "layers/dependencies/requirements.txt").read_text(encoding="utf-8")

    assert f"botocore=={layer()['version']} " in pinned


@pytest.mark.parametrize("operation", operations())
def test_an_operation_of_ours_has_the_same_members_and_errors_in_both(operation: str) -> None:
    ours, theirs = layer()["operations"][operation], box()["operations"][operation]

    assert ours is not None
    assert theirs is not None
    differing = {path for path in {*ours, *theirs} if ours.get(path) != theirs.get(path)}
    assert set(outermost(differing)) == NEWER.get(operation, set())
    assert not {*theirs} - {*ours}


def test_every_region_with_ses_belongs_to_the_same_partition_in_both() -> None:
    assert layer()["partitions"] == box()["partitions"]


def outermost(paths: set[str]) -> Iterator[str]:
    """The paths that are inside no other one."""
    for path in paths:
        if not any(path != other and path.startswith((f"{other}.", f"{other}[")) for other in paths):
            yield path
