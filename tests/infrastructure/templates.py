"""Reads the templates for tests: intrinsic functions become texts such as ``${HintsQueue.Arn}``.

Conditions count as true, so that tests see everything a stack may hold; ``AWS::NoValue`` disappears.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cfnlint.decode

ROOT = Path(__file__).parents[2]
HOME = "template.yaml"
REGIONS = "regions.yaml"
FEEDBACK = "configuration-set.yaml"
FUNCTION = "AWS::Serverless::Function"
ALARM = "AWS::CloudWatch::Alarm"
QUEUE = "AWS::SQS::Queue"
RULE = "AWS::Events::Rule"

type Properties = dict[str, Any]


class _NoValue:
    """Marks a property that ``AWS::NoValue`` removes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template; ``resources`` are by logical id."""

    metadata: Properties
    parameters: dict[str, Properties]
    resources: dict[str, Properties]
    outputs: dict[str, Properties]

    def of_type(self, kind: str) -> dict[str, Properties]:
        """The properties of all resources of a type, by logical id."""
        return {
            logical_id: resource["Properties"]
            for logical_id, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def properties(self, logical_id: str) -> Properties:
        properties: Properties = self.resources[logical_id]["Properties"]
        return properties

    def sources(self) -> Iterator[tuple[str, str, str, Properties]]:
        """Every event of every function: function, name of the event, type, properties."""
        for logical_id, function in self.of_type(FUNCTION).items():
            for name, event in function.get("Events", {}).items():
                yield logical_id, name, event["Type"], event["Properties"]


@cache
def written(name: str) -> Properties:
    """A template as it is written, with the long forms of the intrinsic functions."""
    document, faults = cfnlint.decode.decode(str(ROOT / name))
    assert isinstance(document, dict), faults
    return document


@cache
def template(name: str) -> Template:
    document = _plain(written(name))
    return Template(
        metadata=document.get("Metadata", {}),
        parameters=document.get("Parameters", {}),
        resources=document["Resources"],
        outputs=document.get("Outputs", {}),
    )


def globals_of_functions() -> Properties:
    found: Properties = _plain(written(HOME)["Globals"]["Function"])
    return found


def as_list(value: Any) -> list[Any]:  # noqa: ANN401 - policies hold one thing or a list of things
    return value if isinstance(value, list) else [value]


def _plain(value: Any) -> Any:  # noqa: ANN401 - any part of a document
    match value:
        case {"Ref": "AWS::NoValue"}:
            return _NoValue()
        case {"Ref": str(name)}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), _]}:
            return text
        case {"Fn::If": [_, then, _]}:
            return _plain(then)
        case {"Fn::Split": [str(delimiter), inner]} | {"Fn::Join": [str(delimiter), inner]}:
            return f"{_plain(inner)} by {delimiter}"
        case dict():
            plain = {name: _plain(member) for name, member in value.items()}
            return {name: member for name, member in plain.items() if not isinstance(member, _NoValue)}
        case list():
            return [member for member in map(_plain, value) if not isinstance(member, _NoValue)]
        case _:
            return value
