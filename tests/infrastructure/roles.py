"""What each role of the home stack may do, statement by statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.infrastructure.templates import FUNCTION, HOME, as_list, template

ROLE = "AWS::IAM::Role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One action on one resource, with the statement it stands in."""

    sid: str
    action: str
    resource: str
    condition: dict[str, dict[str, Any]]

    @property
    def service(self) -> str:
        return self.action.partition(":")[0]


def role_of(function: str) -> str:
    """The logical id of a function's role, by the function's short name."""
    role: str = template(HOME).properties(f"{function.capitalize()}Function")["Role"]
    return role.removeprefix("${").removesuffix(".Arn}")


def functions() -> tuple[str, ...]:
    return tuple(logical_id.removesuffix("Function").lower() for logical_id in template(HOME).of_type(FUNCTION))


def grants_of(role: str) -> tuple[Grant, ...]:
    """Everything a role may do, by its own policies and by those attached to it."""
    return tuple(grant for document in _documents(role) for grant in _grants(document))


def _documents(role: str) -> Iterator[dict[str, Any]]:
    for policy in template(HOME).properties(role)["Policies"]:
        yield policy["PolicyDocument"]
    for policy in template(HOME).of_type("AWS::IAM::Policy").values():
        if f"${{{role}}}" in policy["Roles"]:
            yield policy["PolicyDocument"]


def _grants(document: dict[str, Any]) -> Iterator[Grant]:
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow", "a role of ours says what it may, not what it may not"
        for action in as_list(statement["Action"]):
            for resource in as_list(statement["Resource"]):
                yield Grant(
                    sid=statement["Sid"],
                    action=action,
                    resource=resource,
                    condition=statement.get("Condition", {}),
                )
