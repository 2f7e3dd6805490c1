"""Builds the UpdateUserPool request that changes only the EmailConfiguration of a described pool.

UpdateUserPool replaces the whole pool: an omitted member falls back to its default (Cognito API reference,
UpdateUserPool). So the request sends back every member that the loaded service model accepts. The list is computed from
the model, not typed here, except for the few members that cannot or must not be sent.
"""

from collections.abc import Iterable, Iterator, Mapping

from botocore.model import ListShape, MapShape, Shape, StructureShape

from mailwarden.adapters.aws.raw_responses import RawMembers
from mailwarden.message import ExplainedError, message

# Not reset when left out (measured against the service); sent together with SmsConfiguration it can switch SMS MFA on.
_LEFT_OUT = frozenset({"MfaConfiguration"})
# RawMembers that DescribeUserPool and UpdateUserPool name differently.
_RENAMED: Mapping[str, str] = {"UserPoolId": "Id", "PoolName": "Name"}
# The older members, "no longer used", repeat the template's texts and conflict with it when they differ.
IN_TEMPLATE: Mapping[str, str] = {
    "SmsVerificationMessage": "SmsMessage",
    "EmailVerificationMessage": "EmailMessage",
    "EmailVerificationSubject": "EmailSubject",
}
# Structures that DescribeUserPool returns empty but UpdateUserPool does not accept empty.
_NEVER_EMPTY = frozenset({"SmsConfiguration", "UserPoolAddOns"})
_SYSTEM_TAG = "aws:"
# The KeyType of a pool whose data a key of the customer encrypts (Cognito API reference, KeyConfigurationType).
_CUSTOMER_KEY = "CUSTOMER_MANAGED_KEY"


class CannotBeSentBack(ExplainedError):
    """A pool is in a state that UpdateUserPool cannot express; the message names the member."""


def update_request(pool: RawMembers, accepts: Shape | None, *, email: Mapping[str, str]) -> dict[str, object]:
    """The request that gives *pool*, a raw ``UserPool``, another EmailConfiguration. Raises CannotBeSentBack.

    *accepts* is the input shape of UpdateUserPool in the loaded service model. *pool* must not hold members that the
    model does not know.
    """
    if not isinstance(accepts, StructureShape):
        raise TypeError("the input of UpdateUserPool is not a structure")
    request = {
        name: _accepted(accepts.members[name], value, name)
        for name, value in pool.items()
        if name in accepts.members and name not in _LEFT_OUT and value is not None
    }
    for name, described_as in _RENAMED.items():
        if name in accepts.members:
            request[name] = pool[described_as]
    _leave_out_unused_account_validity(request)
    _leave_out_repeated_texts(request)
    _leave_out_system_tags(request)
    for name in _NEVER_EMPTY:
        if request.get(name) == {}:
            del request[name]
    request["EmailConfiguration"] = dict(email)
    return request


def kms_members(pool: RawMembers) -> tuple[str, ...]:
    """The paths of the members that name a KMS key, at any depth: a custom sender's, or the pool's own."""
    return tuple(sorted(_kms_members(pool, "")))


def _kms_members(value: object, path: str) -> Iterator[str]:
    if isinstance(value, list):
        for element in value:
            yield from _kms_members(element, f"{path}[]")
    if not isinstance(value, dict):
        return
    for name, member in value.items():
        inner = f"{path}.{name}" if path else str(name)
        if isinstance(member, dict | list):
            yield from _kms_members(member, inner)
        elif (member and "kms" in str(name).casefold()) or member == _CUSTOMER_KEY:
            yield inner


def _accepted(shape: Shape, value: object, path: str) -> object:
    """The value that the model accepts; a nested member that only the response has would be lost, and is an error."""
    match shape:
        case StructureShape() if isinstance(value, dict):
            _refuse_lost_members(set(value) - set(shape.members), path)
            present = {name: member for name, member in value.items() if member is not None}
            return {name: _accepted(shape.members[name], member, f"{path}.{name}") for name, member in present.items()}
        case ListShape() if isinstance(value, list):
            return [_accepted(shape.member, element, f"{path}[]") for element in value]
        case MapShape() if isinstance(value, dict):
            return {key: _accepted(shape.value, element, f"{path}.*") for key, element in value.items()}
        case _:
            return value


def _refuse_lost_members(names: Iterable[str], path: str) -> None:
    lost = sorted(f"{path}.{name}" for name in names)
    if lost:
        raise CannotBeSentBack(message("pool.members-not-accepted", members=tuple(lost)))


def _leave_out_unused_account_validity(request: dict[str, object]) -> None:
    """UpdateUserPool refuses both forms of this number that DescribeUserPool returns (terraform-provider-aws #8845)."""
    admin = request.get("AdminCreateUserConfig")
    if not isinstance(admin, dict) or "UnusedAccountValidityDays" not in admin:
        return
    days = admin["UnusedAccountValidityDays"]
    request["AdminCreateUserConfig"] = {k: v for k, v in admin.items() if k != "UnusedAccountValidityDays"}
    policies = _copy(request.get("Policies"))
    password = _copy(policies.get("PasswordPolicy"))
    if "TemporaryPasswordValidityDays" in password:
        return
    if not days or not password:
        # Cognito reads 0 as "not set" and stores 7; and Mailwarden must not invent a password policy.
        raise CannotBeSentBack(message("pool.no-newer-form", member="AdminCreateUserConfig.UnusedAccountValidityDays"))
    request["Policies"] = policies | {"PasswordPolicy": password | {"TemporaryPasswordValidityDays": days}}


def _leave_out_repeated_texts(request: dict[str, object]) -> None:
    template = _copy(request.get("VerificationMessageTemplate"))
    for older, newer in IN_TEMPLATE.items():
        if older not in request or newer not in template:
            continue
        if request[older] != template[newer]:
            raise CannotBeSentBack(
                message("pool.texts-differ", older=older, newer=f"VerificationMessageTemplate.{newer}")
            )
        del request[older]


def _leave_out_system_tags(request: dict[str, object]) -> None:
    """DescribeUserPool also returns tags of AWS itself; they cannot be sent, and they stay."""
    if "UserPoolTags" in request:
        tags = _copy(request["UserPoolTags"])
        request["UserPoolTags"] = {key: value for key, value in tags.items() if not key.startswith(_SYSTEM_TAG)}


def _copy(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}
