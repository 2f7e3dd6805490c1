"""Makes a second account usable: a new account of an organization has the role that lets its parent in."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from sandbox.platform.isolation import ACCOUNT_ID

# Organizations User Guide, "Accessing a member account that has OrganizationAccountAccessRole".
_ROLE = "OrganizationAccountAccessRole"
_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def install() -> None:
    """Wrap CreateAccount of `organizations._DISPATCH`, which makes no role, and `iam_evaluator.evaluate_trust_policy`.

    CreateAccount answers before it is done: the account's number is in DescribeCreateAccountStatus (Organizations API
    reference).
    The emulator lets the root user assume roles. "Roles may not be assumed by root accounts" (AWS's message): refused
    here for a role of another account. In its own account it stays allowed: scripts have the root user's keys.
    """
    from ministack.core import iam_evaluator
    from ministack.services import organizations

    create, evaluate = organizations._DISPATCH["CreateAccount"], iam_evaluator.evaluate_trust_policy

    def with_role(payload: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the emulator's answer
        answer = create(payload)
        if answer[0] == HTTPStatus.OK:
            made = json.loads(answer[2])["CreateAccountStatus"]
            _let_in(made["AccountId"], str(payload.get("RoleName") or _ROLE))
            begun = {name: made[name] for name in made.keys() - {"AccountId", "CompletedTimestamp"}}
            document = json.dumps({"CreateAccountStatus": begun | {"State": "IN_PROGRESS"}}).encode()
            return (answer[0], answer[1], document)
        return answer

    def but_no_foreign_root(document: Any, caller_arn: str, context: Any) -> bool:  # noqa: ANN401 - the emulator's own types
        account, role_account = caller_arn.split(":")[4], str(context.resource_arn).split(":")[4]
        if caller_arn.endswith(":root") and account != role_account:
            return False
        return bool(evaluate(document, caller_arn, context))

    organizations._DISPATCH["CreateAccount"] = with_role
    iam_evaluator.evaluate_trust_policy = but_no_foreign_root


def _let_in(account: str, name: str) -> None:
    """Create the role in the new account; every principal of the parent that may assume it is its administrator."""
    from ministack.services import iam

    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{account}:role/{name}",
        "RoleId": iam._gen_id("AROA"),
        "CreateDate": iam._now(),
        "Path": "/",
        "AssumeRolePolicyDocument": json.dumps(trust),
        "Description": "",
        "MaxSessionDuration": 3600,
        "AttachedPolicies": [_ADMINISTRATOR],
        "InlinePolicies": {},
        "Tags": [],
    }
    iam._roles.set_scoped(account, None, name, role)
