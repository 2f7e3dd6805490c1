"""Keeps the raw JSON of AWS responses and finds the members that the SDK's model does not know.

botocore silently drops members that its model does not know. A write of the whole object would reset them, so the
writer has to detect them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from botocore.model import ListShape, MapShape, StructureShape

from mailwarden.adapters.aws.response_bodies import json_object

if TYPE_CHECKING:
    from botocore.client import ClientMeta
    from botocore.model import OperationModel, Shape

type RawMembers = Mapping[str, object]

_KEY = "MailwardenRawAnswer"
_POOL, _SCHEMA = "UserPool", "SchemaAttributes"
_NUMBER = (int, float)
_SCALARS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": _NUMBER,
    "double": _NUMBER,
    "timestamp": (int, float, str),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResponse:
    """The JSON body, and the sorted paths in it that the loaded service model does not know.

    List elements appear as ``[]`` and map values as ``.*`` in a path; a path never holds a value.
    """

    body: RawMembers
    unknown_members: tuple[str, ...]


def keep_raw_responses(meta: "ClientMeta", *operations: str) -> None:
    """Attach the raw form to the responses of some operations of a client; ``raw_response`` returns it.

    Each response carries its own, so calls may run in parallel.
    """
    service = meta.service_model.service_id.hyphenize()
    for operation in operations:
        meta.events.register(f"before-parse.{service}.{operation}", _keep)


def raw_response(response: object) -> RawResponse:
    """The raw form of a response to one of the operations given to ``keep_raw_responses``."""
    # The stubs describe only the model; the hook added one more member.
    return cast("Mapping[str, RawResponse]", response)[_KEY]


def unknown_members(shape: "Shape", value: object) -> tuple[str, ...]:
    """The paths in a JSON value that do not fit a shape of the model: unknown members, and other types than modeled."""
    return tuple(sorted(set(_unknown(shape, value, ""))))


def _keep(
    operation_model: "OperationModel",
    response_dict: dict[str, object],
    customized_response_dict: dict[str, object],
    **_: object,
) -> None:
    status, content, shape = response_dict["status_code"], response_dict["body"], operation_model.output_shape
    if not isinstance(status, int) or status >= 300 or not isinstance(content, bytes) or shape is None:
        return
    body = json_object(operation_model.name, content)
    unknown = () if _is_known(shape, body) else unknown_members(shape, body)
    # The parser fails on a member of an unexpected type: it gets only the members that fit.
    known = _known(shape, body) if unknown else body
    shortened = _without_schema(known)
    if unknown or shortened is not known:
        response_dict["body"] = json.dumps(shortened).encode()
    customized_response_dict[_KEY] = RawResponse(body=body, unknown_members=unknown)


def _without_schema(body: object) -> object:
    """A response without the attributes of a pool's users, which are most of it, and which no reader needs."""
    pool = body.get(_POOL) if isinstance(body, dict) else None
    if not isinstance(pool, dict) or _SCHEMA not in pool:
        return body
    return {**cast("RawMembers", body), _POOL: {name: pool[name] for name in pool if name != _SCHEMA}}


def _is_known(shape: "Shape", value: object) -> bool:
    """Whether ``unknown_members`` finds nothing, as in nearly every response; it is never more generous."""
    match shape:
        case StructureShape() if isinstance(value, dict):
            if shape.is_document_type:
                return True
            return _has_known_members(_expected(shape), value)
        case ListShape(member=StructureShape(is_document_type=False) as element) if isinstance(value, list):
            members = _expected(element)
            return all(isinstance(each, dict) and _has_known_members(members, each) for each in value)
        case ListShape() if isinstance(value, list):
            return all(_is_known(shape.member, each) for each in value)
        case _:
            return not unknown_members(shape, value)


def _has_known_members(members: Mapping[str, tuple[frozenset[type], "Shape"]], value: RawMembers) -> bool:
    for name, member in value.items():
        expected = members.get(name)
        if expected is None or (type(member) not in expected[0] and not _is_known(expected[1], member)):
            return False
    return True


def _unknown(shape: "Shape", value: object, path: str) -> Iterator[str]:
    accepted = _SCALARS.get(shape.type_name)
    if accepted is not None:
        if not _is_of(accepted, value):
            yield path
        return
    match shape:
        case StructureShape() if isinstance(value, dict):
            if not shape.is_document_type:
                yield from _unknown_in_structure(shape, value, path)
        case ListShape() if isinstance(value, list):
            for element in value:
                yield from _unknown(shape.member, element, f"{path}[]")
        case MapShape() if isinstance(value, dict):
            for element in value.values():
                yield from _unknown(shape.value, element, f"{path}.*")
        case _:
            yield path


def _unknown_in_structure(shape: StructureShape, value: RawMembers, path: str) -> Iterator[str]:
    members = _by_wire_name(shape)
    for name, member in value.items():
        known = members.get(name)
        if known is None:
            yield f"{path}.{name}" if path else name
        # A scalar that fits, as most members are, needs no path.
        elif member is not None and not _is_of(_SCALARS.get(known.type_name, ()), member):
            yield from _unknown(known, member, f"{path}.{name}" if path else name)


def _known(shape: "Shape", value: object) -> object:
    """The part of a value that fits the shape; None if no part does (parsers omit a null member)."""
    match shape:
        case StructureShape() if isinstance(value, dict):
            if shape.is_document_type:
                return value
            members = _by_wire_name(shape)
            return {name: _known(members[name], member) for name, member in value.items() if name in members}
        case ListShape() if isinstance(value, list):
            known = (_known(shape.member, element) for element in value)
            return [element for element in known if element is not None]
        case MapShape() if isinstance(value, dict):
            entries = {key: _known(shape.value, element) for key, element in value.items()}
            return {key: element for key, element in entries.items() if element is not None}
        case _:
            return value if _fits(shape, value) else None


def _fits(shape: "Shape", value: object) -> bool:
    return _is_of(_SCALARS.get(shape.type_name, ()), value)


def _is_of(accepted: tuple[type, ...], value: object) -> bool:
    # To Python a bool is an int; to JSON it is not.
    return isinstance(value, accepted) and (bool in accepted or not isinstance(value, bool))


@lru_cache(maxsize=512)
def _expected(shape: StructureShape) -> dict[str, tuple[frozenset[type], "Shape"]]:
    """By name, the types of a member's JSON that need no further look, and its shape."""
    return {
        name: (frozenset({*_SCALARS.get(member.type_name, ()), type(None)}), member)
        for name, member in _by_wire_name(shape).items()
    }


# The shapes of a client's model stay the same objects, and each answer has some fifty structures.
@lru_cache(maxsize=512)
def _by_wire_name(shape: StructureShape) -> dict[str, "Shape"]:
    return {member.serialization.get("name", name): member for name, member in shape.members.items()}
