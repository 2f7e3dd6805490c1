"""What a session made the deployed stack do: judged when all of it is over, whichever sandboxes its tests ran in."""

import fnmatch
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Self

from tests.e2e.box import HOME, STACK, Box, Json
from tests.e2e.privacy import emitted, forbidden, leaks

type Fact = tuple[str, ...]
type Facts = frozenset[Fact]

# What CloudFormation and Secrets Manager append to a name, different in each sandbox.
_ENDING = re.compile(r"-[0-9A-Fa-f]{6,}(?=[/:]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Each member is a set of facts, so that those of several sandboxes can be joined."""

    modules: Facts
    """The files whose tests ran."""
    calls: Facts
    """The requests of our roles."""
    refused: Facts
    """Role, action and resource of the calls that IAM refused, without those that a test had ordered to fail."""
    granted: Facts
    """Role, action and resource of each permission, names without their generated endings."""
    used: Facts
    """Those of the permissions that a call needed."""
    named: Facts
    """Namespace, name and dimensions of the metrics on the dashboard and behind the alarms."""
    sent: Facts
    """The metrics of ours that CloudWatch has."""
    asked: Facts
    """The queries of the dashboard's log widgets."""
    answered: Facts
    """Those for which there is a line with every field that they show."""
    unwanted: Facts
    """The kinds of texts that may be in nothing that was written down."""
    searched: Facts
    """The places in which they were searched for."""
    leaked: Facts
    """Place, kind and surroundings of those that were found."""

    @classmethod
    def of(cls, box: Box, modules: Iterable[str]) -> Self:
        """Everything that happened in a sandbox until now."""
        unwanted, written = forbidden(box), list(emitted(box))
        calls, granted, asked = box.calls(role=f"{STACK}-*"), frozenset(_granted(box)), frozenset(_asked(box))
        return cls(
            modules=frozenset((module,) for module in modules),
            calls=frozenset((call["request"],) for call in calls),
            refused=frozenset(_refused(calls, but=box.disturbed)),
            granted=frozenset(map(_without_endings, granted)),
            used=frozenset(map(_without_endings, _used(granted, calls))),
            named=frozenset([*_drawn(box), *_watched(box)]),
            sent=frozenset(_sent(box)),
            asked=asked,
            answered=frozenset(query for query in asked if _is_answered(box, *query)),
            unwanted=frozenset((kind,) for kind in unwanted.values()),
            searched=frozenset((place,) for place, _ in written),
            leaked=frozenset(leaks(written, unwanted)),
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """What every worker of a session wrote, as one."""
        found = [json.loads(file.read_text()) for file in folder.glob("*.json")]
        assert found, f"no worker wrote anything into {folder}"
        return reduce(
            or_, [cls(**{name: frozenset(map(tuple, facts)) for name, facts in each.items()}) for each in found]
        )

    def write(self, file: Path) -> None:
        """Keep it for whoever judges the session."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({each.name: sorted(getattr(self, each.name)) for each in fields(self)}))

    def __or__(self, other: Self) -> Self:
        return type(self)(**{each.name: getattr(self, each.name) | getattr(other, each.name) for each in fields(self)})


def _refused(calls: Sequence[Json], *, but: set[str]) -> Iterator[Fact]:
    for call in calls:
        # Faults that tests ordered come after IAM has let the call through.
        if (call["error"] or "").startswith("AccessDenied") and call["request"] not in but:
            yield call["role"], f"{call['service']}:{call['action']}", str(call["resource"])


def _used(granted: Facts, calls: Sequence[Json]) -> Iterator[Fact]:
    needed = {(call["role"], action, resource) for call in calls for action, resource in call["permissions"]}
    for role, action, pattern in granted:
        if any((role, action) == each[:2] and fnmatch.fnmatchcase(each[2], pattern) for each in needed):
            yield role, action, pattern


def _granted(box: Box) -> Iterator[Fact]:
    """What the deployed roles of the stack may do, one action and one resource each."""
    iam = box.client("iam")
    roles = [role["RoleName"] for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
    for role in roles:
        if role.startswith(f"{STACK}-"):
            for document in _documents(box, role):
                for statement in document["Statement"]:
                    for action in _many(statement["Action"]):
                        for resource in _many(statement["Resource"]):
                            yield role, action, resource


def _documents(box: Box, role: str) -> Iterator[Json]:
    """A role's own policies, and those of the stack that are attached to it."""
    iam = box.client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        assert attached["PolicyName"].startswith(f"{STACK}-"), attached
        arn = attached["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        yield iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _without_endings(fact: Fact) -> Fact:
    return tuple(_ENDING.sub("", part) for part in fact)


def _widgets(box: Box, kind: str) -> list[Json]:
    """The properties of the widgets of a type on the deployed dashboard."""
    body = json.loads(box.client("cloudwatch").get_dashboard(DashboardName=f"{STACK}-{HOME}")["DashboardBody"])
    return [widget["properties"] for widget in body["widgets"] if widget["type"] == kind]


def _drawn(box: Box) -> Iterator[Fact]:
    for widget in _widgets(box, "metric"):
        for line in widget["metrics"]:
            yield tuple(part for part in line if isinstance(part, str))


def _watched(box: Box) -> Iterator[Fact]:
    for page in box.client("cloudwatch").get_paginator("describe_alarms").paginate():
        for alarm in page["MetricAlarms"]:
            yield alarm["Namespace"], alarm["MetricName"], *_flat(alarm["Dimensions"])


def _sent(box: Box) -> Iterator[Fact]:
    pages = box.client("cloudwatch").get_paginator("list_metrics").paginate(Namespace="Mailwarden")
    for page in pages:
        for metric in page["Metrics"]:
            yield "Mailwarden", metric["MetricName"], *_flat(metric["Dimensions"])


def _flat(dimensions: list[dict[str, str]]) -> Iterator[str]:
    for each in dimensions:
        yield from (each["Name"], each["Value"])


def _asked(box: Box) -> Iterator[Fact]:
    for widget in _widgets(box, "log"):
        yield (widget["query"],)


def _is_answered(box: Box, query: str) -> bool:
    (group,) = re.findall(r"SOURCE '([^']+)'", query)
    (message,) = re.findall(r"message = '([^']+)'", query)
    fields_shown = {*re.findall(r"(?:latest|ispresent)\((\w+)\)", query), *re.findall(r" by (region|pool)", query)}
    written = [line for line in box.log(group.rsplit("/", 1)[-1], containing=message) if line["message"] == message]
    return any(all(line.get(field) is not None for field in fields_shown) for line in written)
