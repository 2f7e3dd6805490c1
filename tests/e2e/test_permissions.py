"""After the whole session: every call of our roles was permitted, and every permission of theirs was needed."""

import fnmatch
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import permissions
from tests.e2e.box import STACK, Box
from tests.permissions import Permission

pytestmark = pytest.mark.after_everything

# Both functions take a pool out of the reverse index where it no longer uses something; which of them is first after a
# repair is a race, so a run may show only one of them using it. tests/functional/ledger shows that a look needs it.
EITHER_IS_FIRST = {("RepairRole", "dynamodb:DeleteItem"), ("InspectRole", "dynamodb:DeleteItem")}


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    role: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.role}: {self.action} on {self.resource}"


@pytest.mark.usefixtures("whole_session")
def test_every_call_of_our_roles_was_permitted(box: Box) -> None:
    calls = box.calls(role=f"{STACK}-*")

    refused = {
        f"{call['role']}: {call['service']}:{call['action']} on {call['resource']}"
        for call in calls
        # Faults that tests ordered come after IAM has let the call through.
        if (call["error"] or "").startswith("AccessDenied") and call["request"] not in box.disturbed
    }

    assert len(calls) > 1000
    assert not refused, "\n".join(sorted(refused))


@pytest.mark.usefixtures("whole_session")
def test_every_permission_was_used_or_is_declared_as_dependent(box: Box) -> None:
    used = {
        (call["role"], action, resource)
        for call in box.calls(role=f"{STACK}-*")
        for action, resource in call["permissions"]
    }
    dependent = {permission.action for permission in _declared() if permission.dependent_on}

    unused = [
        grant
        for grant in sorted(_grants(box))
        if grant.action not in dependent
        and not any(part in grant.role and action == grant.action for part, action in EITHER_IS_FIRST)
        and not any(
            role == grant.role and action == grant.action and fnmatch.fnmatchcase(resource, grant.resource)
            for role, action, resource in used
        )
    ]

    assert dependent
    assert not unused, "\n".join(map(str, unused))


def test_every_dependent_permission_names_the_call_that_needs_it_and_where_aws_says_so() -> None:
    dependent = [permission for permission in _declared() if permission.dependent_on]

    assert all(permission.source for permission in dependent)
    assert {permission.dependent_on for permission in dependent} <= {each.action for each in _declared()}


def _declared() -> tuple[Permission, ...]:
    return tuple(
        permission
        for value in vars(permissions).values()
        if isinstance(value, tuple)
        for permission in value
        if isinstance(permission, Permission)
    )


def _grants(box: Box) -> Iterator[Grant]:
    """What the deployed roles of the stack may do, one action and one resource each."""
    iam = box.client("iam")
    roles = [role["RoleName"] for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
    for role in roles:
        if not role.startswith(f"{STACK}-"):
            continue
        assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for statement in document["Statement"]:
                for action in _many(statement["Action"]):
                    for resource in _many(statement["Resource"]):
                        yield Grant(role, action, resource)


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
