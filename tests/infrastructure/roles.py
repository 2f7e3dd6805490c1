"""What each role of the home stack may do, statement by statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.infrastructure.templates import FUNCTION, HOME, Properties, as_list, template

ROLE = "AWS::IAM::Role"
SHARED = "AWS::IAM::ManagedPolicy"


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
    """Everything a role may do: by its own policies, by the shared ones it lists, and by those that name it."""
    return tuple(grant for document in _documents(role) for grant in _grants(document))


def holders(policy: str) -> tuple[str, ...]:
    """The roles that hold a policy which stands by itself."""
    named: list[str] = template(HOME).properties(policy).get("Roles", [])
    listing = [
        role
        for role, properties in template(HOME).of_type(ROLE).items()
        if f"${{{policy}}}" in properties.get("ManagedPolicyArns", [])
    ]
    return (*(role.removeprefix("${").removesuffix("}") for role in named), *listing)


def shared_policies() -> dict[str, Properties]:
    """The policies that stand by themselves, by logical id."""
    return template(HOME).of_type(SHARED) | template(HOME).of_type("AWS::IAM::Policy")


def difference(function: str, granted: set[tuple[str, str]], declared: set[tuple[str, str]]) -> str:
    """What to do where the template grants other actions, each on a resource, than are declared."""
    return (
        f"grant to the role of {function} in template.yaml, or declare no more: {sorted(declared - granted)}; declare "
        "in PLUMBING of test_permissions.py, or, if rules read or writers write it, in tests/permissions.py, or grant "
        f"no more: {sorted(granted - declared)}"
    )


def _documents(role: str) -> Iterator[Properties]:
    for policy in template(HOME).properties(role)["Policies"]:
        yield policy["PolicyDocument"]
    for logical_id, policy in shared_policies().items():
        if role in holders(logical_id):
            yield policy["PolicyDocument"]


def _grants(document: Properties) -> Iterator[Grant]:
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow", "our roles only allow"
        for action in as_list(statement["Action"]):
            for resource in as_list(statement["Resource"]):
                yield Grant(
                    sid=statement["Sid"],
                    action=action,
                    resource=resource,
                    condition=statement.get("Condition", {}),
                )
