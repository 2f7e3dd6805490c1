"""Reads and writes the wire formats of AWS with the service models that come with botocore."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

import botocore.parsers
import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from sandbox.platform.calls.call_list import HttpAnswer, Request

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"


@cache
def service_model(name: str) -> ServiceModel | None:
    """Botocore's model of a service, `None` where it has none of that name."""
    session = botocore.session.get_session()
    return session.get_service_model(name) if name in session.get_available_services() else None


def operation_model(request: Request) -> OperationModel | None:
    """The model of the operation a request names, `None` where the emulator knows more than botocore."""
    model = service_model(request.model_name)
    if model is None or request.action not in model.operation_names:
        return None
    return model.operation_model(request.action)


def parsed_answer(request: Request, answer: HttpAnswer) -> dict[str, Any]:
    """The answer as an SDK would read it; an error has the member `Error` with `Code` and `Message`."""
    operation = operation_model(request)
    status, headers, body = answer
    if operation is None:
        return {}
    protocol = operation.service_model.resolved_protocol
    lowered = {name.lower(): value for name, value in headers.items()}
    if "json" in lowered.get("content-type", "") and protocol in {"query", "smithy-rpc-v2-cbor"}:
        protocol = "json"
    try:
        parsed: dict[str, Any] = botocore.parsers.create_parser(protocol).parse(
            {"status_code": status, "headers": lowered, "body": body},
            operation.output_shape,  # type: ignore[arg-type] # botocore itself passes None for no output
        )
    except botocore.parsers.ResponseParserError:
        return {}
    return parsed


def error_code(request: Request, answer: HttpAnswer) -> str:
    """The error code an SDK would raise, or the bare status where no model reads the answer."""
    error = parsed_answer(request, answer).get("Error") or {}
    code = error.get("Code") or _json_code(answer[2]) or str(answer[0])
    return str(code)


def _json_code(body: bytes) -> str:
    try:
        parsed = json.loads(body)
    except (TypeError, ValueError):
        return ""
    return str(parsed.get("__type", "")).rpartition("#")[2] if isinstance(parsed, dict) else ""


def parsed_parameters(request: Request) -> dict[str, Any]:
    """The members of a request, by the names of the model, for every protocol."""
    operation = operation_model(request)
    if operation is None or operation.input_shape is None:
        return {}
    protocol = operation.service_model.resolved_protocol
    if protocol == "query":
        flat = {name: values[-1] for name, values in request.query.items() if values}
        found = from_query(operation.input_shape, flat, "")
        return found if isinstance(found, dict) else {}
    members = _json_object(request.body)
    if protocol == "rest-json":
        members = {**_renamed(operation.input_shape, members), **_from_uri(operation, request)}
    return members


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _renamed(shape: StructureShape, members: Mapping[str, Any]) -> dict[str, Any]:
    names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
    return {names.get(name, name): value for name, value in members.items()}


def _from_uri(operation: OperationModel, request: Request) -> dict[str, Any]:
    template = operation.http["requestUri"].partition("?")[0].strip("/").split("/")
    segments = request.path.strip("/").split("/")
    labels = {
        part.strip("{}+"): unquote(segment)
        for part, segment in zip(template, segments, strict=False)
        if part.startswith("{")
    }
    found: dict[str, Any] = {}
    shape = operation.input_shape
    assert isinstance(shape, StructureShape)  # noqa: S101 - every operation of the model has one
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        wire_name = member.serialization.get("name", name)
        if location == "uri" and wire_name in labels:
            found[name] = labels[wire_name]
        elif location == "querystring" and wire_name in request.query:
            values = request.query[wire_name]
            found[name] = values if isinstance(member, ListShape) else values[-1]
    return found


def from_query(shape: Shape, flat: Mapping[str, str], prefix: str) -> Any:  # noqa: ANN401 - any JSON value
    """Undo the query protocol's flattening: `A.member.1.B=x` is `{"A": [{"B": "x"}]}`; `None` for nothing."""
    match shape:
        case StructureShape():
            found = {
                name: value
                for name, member in shape.members.items()
                if (value := from_query(member, flat, _joined(prefix, member.serialization.get("name", name))))
                is not None
            }
            return found or ({} if not prefix else None)
        case ListShape():
            base = prefix if shape.serialization.get("flattened") else f"{prefix}.member"
            return _items(shape.member, flat, base) or None
        case MapShape():
            return _entries(shape, flat, f"{prefix}.entry") or None
        case _:
            return flat.get(prefix)


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _items(member: Shape, flat: Mapping[str, str], base: str) -> list[Any]:
    found: list[Any] = []
    while (value := from_query(member, flat, f"{base}.{len(found) + 1}")) is not None:
        found.append(value)
    return found


def _entries(shape: MapShape, flat: Mapping[str, str], base: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    number = 1
    while (key := flat.get(f"{base}.{number}.key")) is not None:
        found[key] = from_query(shape.value, flat, f"{base}.{number}.value")
        number += 1
    return found
