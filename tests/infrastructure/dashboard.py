"""The dashboard's body as a stack would have it: the intrinsic functions of its text carried out."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.infrastructure.templates import ALARM, HOME, template, written

HOME_REGION = "ap-northeast-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSeries:
    """One metric that is drawn or watched; what CloudFormation puts in stays as ``${HintsQueue.QueueName}``."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()


def body(watched: str, *, chat: bool = True) -> dict[str, Any]:
    """The body in a stack that watches *watched*, comma separated, with or without Slack."""
    properties = written(HOME)["Resources"]["Dashboard"]["Properties"]
    known = {"WatchedRegions": watched, "HasSlack": chat}
    found: dict[str, Any] = json.loads(_carried_out(properties["DashboardBody"], known))
    return found


def widgets(kind: str, *, watched: str = HOME_REGION, chat: bool = True) -> list[dict[str, Any]]:
    """The properties of all widgets of a type."""
    return [widget["properties"] for widget in body(watched, chat=chat)["widgets"] if widget["type"] == kind]


def drawn() -> Iterator[TimeSeries]:
    """Every metric the dashboard draws."""
    for widget in widgets("metric"):
        for line in widget["metrics"]:
            namespace, name, *dimensions = [part for part in line if isinstance(part, str)]
            pairs = tuple(zip(dimensions[::2], dimensions[1::2], strict=True))
            yield TimeSeries(namespace=namespace, name=name, dimensions=pairs)


def alarmed() -> Iterator[TimeSeries]:
    """Every metric an alarm watches."""
    for alarm in template(HOME).of_type(ALARM).values():
        pairs = tuple((dimension["Name"], dimension["Value"]) for dimension in alarm["Dimensions"])
        yield TimeSeries(namespace=alarm["Namespace"], name=alarm["MetricName"], dimensions=pairs)


def _carried_out(value: Any, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - any part of a template
    match value:
        case {"Ref": str(name)}:
            return parameters[name]
        case {"Fn::Split": [str(delimiter), inner]}:
            return _carried_out(inner, parameters).split(delimiter)
        case {"Fn::Join": [str(delimiter), inner]}:
            return delimiter.join(_carried_out(inner, parameters))
        case {"Fn::If": [str(condition), then, otherwise]}:
            return _carried_out(then if parameters[condition] else otherwise, parameters)
        case {"Fn::Sub": str(text)}:
            return _carried_out({"Fn::Sub": [text, {}]}, parameters)
        case {"Fn::Sub": [str(text), dict(values)]}:
            known = {name: _carried_out(inner, parameters) for name, inner in values.items()}
            return re.sub(r"\$\{([^}]+)\}", lambda found: _put_in(found[1], known), text)
        case list():
            return [_carried_out(member, parameters) for member in value]
        case _:
            return value


def _put_in(name: str, known: dict[str, str]) -> str:
    if name == "AWS::Region":
        return HOME_REGION
    resource, _, attribute = name.partition(".")
    if name not in known:
        assert resource in template(HOME).resources, name
    return known.get(name, f"arn:{name}" if attribute == "Arn" else f"${{{name}}}")
