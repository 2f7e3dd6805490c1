"""After the whole session: every call of our roles was permitted, and every permission of theirs was needed."""

import pytest

from tests import permissions
from tests.e2e.evidence import Evidence
from tests.permissions import Permission

pytestmark = pytest.mark.after_everything

# Both functions take a pool out of the reverse index where it no longer uses something; which of them is first after a
# repair is a race, so a run may show only one of them using it. tests/functional/ledger shows that a look needs it.
EITHER_IS_FIRST = {("RepairRole", "dynamodb:DeleteItem"), ("InspectRole", "dynamodb:DeleteItem")}
# Needed in cases that the session does not have: a finding with more than twenty pools; an undo of a whole policy, or
# of a pool with a configuration set or the role; an undo whose looks wait; a broken settings document while a person
# undoes; a repair or an undo of a pool with threat notices, links on a domain, a dedicated IP pool or a custom
# sender. `ask` and `inspect` read these with the same reader.
OF_RARE_CASES = {
    ("AnnounceRole", "dynamodb:Query", ":table/mailwarden-LedgerTable"),
    # An order that follows another one, where not all pools of a resource could be looked at in time.
    ("RepairRole", "sqs:SendMessage", ":mailwarden-repairs.fifo"),
    *(
        (role, action, resource)
        for role in ("OperateRole", "RepairRole")
        for action, resource in (
            ("cognito-idp:DescribeRiskConfiguration", ":userpool/*"),
            ("cognito-idp:DescribeUserPoolDomain", "*"),
            ("ses:GetDedicatedIpPool", ":dedicated-ip-pool/*"),
            ("lambda:GetPolicy", ":function:*"),
            ("kms:DescribeKey", ":key/*"),
        )
    ),
    # A link on a custom domain that is asked about; a delivery failure that could not be counted at first.
    ("AskRole", "cognito-idp:DescribeUserPoolDomain", "*"),
    ("TallyRole", "sqs:ChangeMessageVisibility", ":mailwarden-delivery-failures"),
    ("OperateRole", "iam:GetRole", ":role/AWSServiceRoleForAmazonCognitoIdpEmailService"),
    ("OperateRole", "ses:DeleteEmailIdentityPolicy", ":identity/*"),
    ("OperateRole", "ses:GetConfigurationSet", ":configuration-set/*"),
    ("OperateRole", "ses:GetConfigurationSetEventDestinations", ":configuration-set/*"),
    ("OperateRole", "sqs:SendMessage", ":mailwarden-hints"),
    ("OperateRole", "ssm:GetParameterHistory", ":parameter/mailwarden/settings"),
}


def test_every_call_of_our_roles_was_permitted(evidence: Evidence) -> None:
    refused = [f"{role}: {action} on {resource}" for role, action, resource in sorted(evidence.refused)]

    assert len(evidence.calls) > 1000
    assert not refused, "\n".join(refused)


def test_every_permission_was_used_or_is_declared_as_dependent(evidence: Evidence) -> None:
    dependent = {permission.action for permission in _declared() if permission.dependent_on}

    unused = [
        f"{role}: {action} on {resource}"
        for role, action, resource in sorted(evidence.granted - evidence.used)
        if action not in dependent
        and not any(part in role and each == action for part, each in EITHER_IS_FIRST)
        and not any(part in role and each == action and resource.endswith(end) for part, each, end in OF_RARE_CASES)
    ]

    assert dependent
    assert not unused, "\n".join(unused)


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
