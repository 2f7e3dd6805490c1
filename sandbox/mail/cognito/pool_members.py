"""The members of a user pool: UpdateUserPool's members, their defaults, and their form in DescribeUserPool.

Omitted members are set to defaults (UpdateUserPool's own documentation). Measured not to reset: MfaConfiguration,
the whole of Policies and each of its blocks; documented not to reset: UserPoolTier. A pool's name has no default.
"""

import copy
from functools import cache
from typing import Any

from sandbox.mail import emulator

DEFAULT_VALIDITY_DAYS = 7
_NOT_RESET = frozenset({"MfaConfiguration", "Policies", "UserPoolTier"})
_DEFAULTS: dict[str, Any] = {
    "AdminCreateUserConfig": {
        "AllowAdminCreateUserOnly": False,
        "UnusedAccountValidityDays": DEFAULT_VALIDITY_DAYS,
    },
    "AutoVerifiedAttributes": [],
    "DeletionProtection": "INACTIVE",
    "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
    "LambdaConfig": {},
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
    "UserPoolTags": {},
    "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
    "MfaConfiguration": "OFF",
    "Policies": {},
}
_PASSWORD_POLICY: emulator.Json = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": DEFAULT_VALIDITY_DAYS,
}
_LEAST_PASSWORD_POLICY = _PASSWORD_POLICY | {
    f"Require{what}": False for what in ("Uppercase", "Lowercase", "Numbers", "Symbols")
}
_SIGN_IN_POLICY: emulator.Json = {"AllowedFirstAuthFactors": ["PASSWORD"]}
_SHOWN_EMPTY = frozenset({"EmailConfiguration", "LambdaConfig", "UserPoolTags"})
_LATER_MEMBERS = "_sandbox_later_members"
_NOT_MEMBERS = frozenset({"UserPoolId", "PoolName", "Schema"})
_MIRRORED_MESSAGES = {
    "EmailVerificationMessage": "EmailMessage",
    "EmailVerificationSubject": "EmailSubject",
    "SmsVerificationMessage": "SmsMessage",
}


def arn_of(pool_id: str) -> str:
    """Give the ARN of a pool of the current account, in the partition of its region."""
    region = pool_id.partition("_")[0]
    return f"arn:{emulator.partition_of(region)}:cognito-idp:{region}:{emulator.account_id()}:userpool/{pool_id}"


@cache
def updatable() -> frozenset[str]:
    """Give the members UpdateUserPool takes, from the service model."""
    members = emulator.service_model("cognito-idp").shape_for("UpdateUserPoolRequest").members
    return frozenset(members) - _NOT_MEMBERS


@cache
def _describable() -> frozenset[str]:
    return frozenset(emulator.service_model("cognito-idp").shape_for("UserPoolType").members)


def write(pool: emulator.Json, request: emulator.Json, *, creating: bool) -> None:
    """Write a request's members into a pool, and the defaults of those it leaves out."""
    kept_tags = {key: value for key, value in pool.get("UserPoolTags", {}).items() if key.startswith("aws:")}
    later = _later_members(pool) | (request.keys() - updatable() - _describable() - _NOT_MEMBERS)
    pool[_LATER_MEMBERS] = sorted(later)
    for name in (updatable() | later) - {"Policies"}:
        if name in request:
            pool[name] = copy.deepcopy(request[name])
        elif name not in _NOT_RESET or (creating and name in _DEFAULTS):
            reset(pool, name)
    pool["UserPoolTags"] = kept_tags | pool["UserPoolTags"]
    _write_policies(pool, request.get("Policies") or {}, creating=creating)
    _join_validity(pool, request)
    _join_messages(pool)


def shown(pool: emulator.Json) -> emulator.Json:
    """Describe a pool like DescribeUserPool: members that are not set are absent.

    The MFA factors are not part of it; GetUserPoolMfaConfig shows them.
    """
    return {
        name: copy.deepcopy(value)
        for name, value in pool.items()
        if name in _describable() | _later_members(pool) and (name in _SHOWN_EMPTY or value not in (None, "", [], {}))
    }


def _later_members(pool: emulator.Json) -> set[str]:
    """Give the members this pool got from clients that are newer than the service model at hand."""
    return set(pool.get(_LATER_MEMBERS, ()))


def reset(pool: emulator.Json, name: str) -> None:
    """Give a member the value that it has in a pool that never had one of its own."""
    if name in _DEFAULTS:
        pool[name] = copy.deepcopy(_DEFAULTS[name])
    else:
        pool.pop(name, None)


def _write_policies(pool: emulator.Json, given: emulator.Json, *, creating: bool) -> None:
    """Write the two blocks of Policies, each on its own: an omitted block stays as it is."""
    blocks: dict[str, emulator.Json] = {"PasswordPolicy": _PASSWORD_POLICY, "SignInPolicy": _SIGN_IN_POLICY}
    if not creating:
        blocks = {name: pool["Policies"][name] for name in blocks if name in pool["Policies"]}
    if "PasswordPolicy" in given:
        blocks["PasswordPolicy"] = _LEAST_PASSWORD_POLICY | given["PasswordPolicy"]
        # Zero days are taken as not set (observed by several tools).
        if not blocks["PasswordPolicy"]["TemporaryPasswordValidityDays"]:
            blocks["PasswordPolicy"]["TemporaryPasswordValidityDays"] = DEFAULT_VALIDITY_DAYS
    if "SignInPolicy" in given:
        blocks["SignInPolicy"] = given["SignInPolicy"]
    pool["Policies"] = copy.deepcopy(blocks)


def _join_validity(pool: emulator.Json, request: emulator.Json) -> None:
    """Keep the deprecated UnusedAccountValidityDays and its successor equal, as Describe shows them."""
    password_policy = pool["Policies"].get("PasswordPolicy", {})
    unused = (request.get("AdminCreateUserConfig") or {}).get("UnusedAccountValidityDays")
    if unused and not temporary_validity(request):
        password_policy["TemporaryPasswordValidityDays"] = unused
    if temporary_validity(request):
        pool["_sandbox_validity_by_policy"] = True
    days = password_policy.get("TemporaryPasswordValidityDays", DEFAULT_VALIDITY_DAYS)
    pool["AdminCreateUserConfig"]["UnusedAccountValidityDays"] = days
    pool["AdminCreateUserConfig"].setdefault("AllowAdminCreateUserOnly", False)


def temporary_validity(request: emulator.Json) -> int | None:
    """Give the TemporaryPasswordValidityDays that a request sets; zero counts as not set."""
    password_policy = (request.get("Policies") or {}).get("PasswordPolicy") or {}
    return password_policy.get("TemporaryPasswordValidityDays") or None


def _join_messages(pool: emulator.Json) -> None:
    """Keep the legacy verification messages and those of the template equal, as Describe shows them."""
    template = pool["VerificationMessageTemplate"]
    template.setdefault("DefaultEmailOption", "CONFIRM_WITH_CODE")
    for legacy, current in _MIRRORED_MESSAGES.items():
        text = template.get(current) or pool.get(legacy)
        if text:
            template[current] = pool[legacy] = text


def conflicting_message(request: emulator.Json) -> str | None:
    """Name a legacy verification message that differs from the template's, or nothing."""
    template = request.get("VerificationMessageTemplate") or {}
    for legacy, current in _MIRRORED_MESSAGES.items():
        if request.get(legacy) and template.get(current) and request[legacy] != template[current]:
            return legacy
    return None
