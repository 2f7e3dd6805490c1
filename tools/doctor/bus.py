"""The bus in the home region, and the role with which EventBridge sends the events of other regions to it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailwarden.domain.readings import Unreadable
from tools.doctor.lines import DEPLOY, Line, missed, sound, to_do
from tools.doctor.site import Site, looked

_NO_BUS = frozenset({"ResourceNotFoundException"})
_ANY = "*"
_CONSEQUENCE = "no event of another region arrives"
_PUT = frozenset({"events:PutEvents", "events:*", _ANY})
_NO_ROLE = frozenset({"NoSuchEntity", "NoSuchEntityException"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BusReading:
    """The bus and the role; ``admitted``, ``trusted`` and ``allowed`` are None where the bus or the role is gone.

    ``admitted`` are the principals that the policy of the bus lets put events, ``trusted`` the services that may assume
    the role, ``allowed`` the buses to which the role may put events.
    """

    arn: str
    admitted: tuple[str, ...] | Unreadable | None
    role: str
    trusted: tuple[str, ...] | Unreadable | None
    allowed: tuple[str, ...] | Unreadable | None


def read_bus(site: Site) -> BusReading:
    """The bus that receives the events of other regions, and the role with which EventBridge sends them."""
    home = site.home.region
    bus, role = site.home.outputs["EventBusArn"], site.home.outputs["EventForwardingRoleArn"]
    name, events, iam = role.rpartition("/")[2], site.client("events"), site.client("iam")
    found = looked(
        lambda: _admitted(events.describe_event_bus(Name=bus.rpartition("/")[2]).get("Policy", ""), bus),
        action="events:DescribeEventBus",
        region=home,
        missing=_NO_BUS,
    )
    trusted = looked(
        lambda: _trusted(iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]),
        action="iam:GetRole",
        region=home,
        missing=_NO_ROLE,
    )
    allowed = looked(
        lambda: tuple(
            resource
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
            for resource in _allowed(iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])
        ),
        action="iam:GetRolePolicy",
        region=home,
        missing=_NO_ROLE,
    )
    return BusReading(arn=bus, admitted=found, role=role, trusted=trusted, allowed=allowed)


def root_of(arn: str) -> str:
    """The principal that means the whole account of an ARN."""
    _, partition, _, _, account, *_ = arn.split(":")
    return f"arn:{partition}:iam::{account}:root"


def _admitted(policy: str, bus: str) -> tuple[str, ...]:
    """The principals that a bus lets put events to it, whatever else the statements ask for."""
    return tuple(
        principal
        for each in _putting(json.loads(policy or "{}"))
        if {bus, _ANY} & set(_listed(each.get("Resource")))
        for principal in _principals(each, "AWS")
    )


def _trusted(document: Mapping[str, object]) -> tuple[str, ...]:
    """The services that may assume a role."""
    return tuple(service for each in _statements(document) for service in _principals(each, "Service"))


def _allowed(document: Mapping[str, object]) -> tuple[str, ...]:
    """The resources to which a policy lets events be put."""
    return tuple(resource for each in _putting(document) for resource in _listed(each.get("Resource")))


def _putting(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The statements that allow events to be put."""
    for each in _statements(document):
        if each.get("Effect") == "Allow" and _PUT & set(_listed(each.get("Action"))):
            yield each


def _statements(document: Mapping[str, object]) -> list[Mapping[str, object]]:
    statements = document.get("Statement", [])
    found = statements if isinstance(statements, list) else [statements]
    return [each for each in found if isinstance(each, Mapping)]


def _principals(statement: Mapping[str, object], kind: str) -> list[str]:
    principal = statement.get("Principal")
    return _listed(principal.get(kind) if isinstance(principal, Mapping) else principal)


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]


def judge_bus(reading: BusReading) -> Iterator[Line]:
    """The bus admits rules of other regions, and EventBridge may assume its role and put events to it."""
    bus, role = f"the event bus {reading.arn.rpartition('/')[2]}", f"the role {reading.role.rpartition('/')[2]}"
    account = reading.role.split(":")[4]
    parts = (
        (
            bus,
            reading.admitted,
            {account, root_of(reading.role), _ANY},
            f"the policy of {bus} admits no rule of another region",
        ),
        (role, reading.trusted, {"events.amazonaws.com"}, f"{role} does not trust EventBridge"),
        (f"the policy of {role}", reading.allowed, {reading.arn, _ANY}, f"{role} may not put events to the bus"),
    )
    good = 0
    for what, part, wanted, problem in parts:
        if not isinstance(part, tuple):
            yield from filter(None, [missed(what, part, consequence=_CONSEQUENCE)])
        elif not wanted & set(part):
            yield to_do(f"{problem}: {_CONSEQUENCE}", DEPLOY)
        else:
            good += 1
    if good == len(parts):
        yield sound(f"{bus} receives the events of other regions")
