"""The bus in the home region, and the role with which EventBridge sends the events of other regions to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailwarden.domain.readings import Unreadable
from tools.doctor.lines import Line, sound, to_do, unknown
from tools.doctor.site import Site, looked
from tools.doctor.stacks import DEPLOY

_NO_BUS = frozenset({"ResourceNotFoundException"})
_NO_ROLE = frozenset({"NoSuchEntity", "NoSuchEntityException"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BusReading:
    """The bus, the services that may assume the role, and where it may put events; None where it is gone."""

    arn: str
    is_there: bool | Unreadable | None
    role: str
    trusted: tuple[str, ...] | Unreadable | None
    allowed: tuple[str, ...] | Unreadable | None


def read_bus(site: Site) -> BusReading:
    """The bus that receives the events of other regions, and the role with which EventBridge sends them."""
    home = site.home.region
    bus, role = site.home.outputs["EventBusArn"], site.home.outputs["EventForwardingRoleArn"]
    name, events, iam = role.rpartition("/")[2], site.client("events"), site.client("iam")
    found = looked(
        lambda: bool(events.describe_event_bus(Name=bus.rpartition("/")[2])["Arn"]),
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
    return BusReading(arn=bus, is_there=found, role=role, trusted=trusted, allowed=allowed)


def _trusted(document: Mapping[str, object]) -> tuple[str, ...]:
    """The services that may assume a role."""
    return tuple(service for each in _statements(document) for service in _listed(_principal(each).get("Service")))


def _principal(statement: Mapping[str, object]) -> Mapping[str, object]:
    principal = statement.get("Principal")
    return principal if isinstance(principal, Mapping) else {}


def _allowed(document: Mapping[str, object]) -> tuple[str, ...]:
    """The resources to which a policy lets events be put."""
    return tuple(
        resource
        for each in _statements(document)
        if each.get("Effect") == "Allow" and "events:PutEvents" in _listed(each.get("Action"))
        for resource in _listed(each.get("Resource"))
    )


def _statements(document: Mapping[str, object]) -> list[Mapping[str, object]]:
    statements = document.get("Statement", [])
    found = statements if isinstance(statements, list) else [statements]
    return [each for each in found if isinstance(each, Mapping)]


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]


def judge_bus(reading: BusReading) -> Iterator[Line]:
    """The bus is there, and its role may be assumed by EventBridge and put events to it."""
    bus = f"the event bus {reading.arn.rpartition('/')[2]}"
    parts = {
        bus: reading.is_there,
        "the role that forwards events": reading.trusted,
        "the policy of the role that forwards events": reading.allowed,
    }
    for what, part in parts.items():
        if isinstance(part, Unreadable):
            yield unknown(what, part)
        elif part is None:
            yield to_do(f"{what} was deleted: no event of another region arrives", DEPLOY)
    problems = []
    if isinstance(reading.trusted, tuple) and "events.amazonaws.com" not in reading.trusted:
        problems.append("does not trust EventBridge")
    if isinstance(reading.allowed, tuple) and reading.arn not in reading.allowed:
        problems.append("may not put events to the bus")
    for problem in problems:
        yield to_do(f"the role {reading.role.rpartition('/')[2]} {problem}: no event of another region arrives", DEPLOY)
    if not problems and all(part is not None and not isinstance(part, Unreadable) for part in parts.values()):
        yield sound(f"{bus} receives the events of other regions")
