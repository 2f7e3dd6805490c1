"""Turns a pool as it was described into the UpdateUserPool request that leaves everything as it is but its mail.

UpdateUserPool replaces the pool as a whole: what is left out falls back to a default (Cognito API reference,
UpdateUserPool). So everything is sent back that the loaded service model accepts, computed from the model and not typed
here, but for the few members that cannot be sent, or must not be.
"""

from collections.abc import Iterable, Mapping

from botocore.model import ListShape, MapShape, Shape, StructureShape

from mailwarden.adapters.aws.raw_responses import Members

# Not reset when left out (measured against the service); sent together with SmsConfiguration it can switch SMS MFA on.
_LEFT_OUT = frozenset({"MfaConfiguration"})
# What DescribeUserPool calls otherwise than UpdateUserPool.
_RENAMED: Mapping[str, str] = {"UserPoolId": "Id", "PoolName": "Name"}
# The older members, "no longer used", repeat what the template says and conflict with it when they say it differently.
IN_TEMPLATE: Mapping[str, str] = {
    "SmsVerificationMessage": "SmsMessage",
    "EmailVerificationMessage": "EmailMessage",
    "EmailVerificationSubject": "EmailSubject",
}
# Structures that the API describes as empty but does not accept so.
_NEVER_EMPTY = frozenset({"SmsConfiguration", "UserPoolAddOns"})
_SYSTEM_TAG = "aws:"


class CannotBeSentBack(Exception):
    """A pool is in a state that UpdateUserPool cannot express; the message names the member."""


def update_request(pool: Members, accepts: Shape | None, *, email: Mapping[str, str]) -> dict[str, object]:
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


def _accepted(shape: Shape, value: object, path: str) -> object:
    """The value as the model accepts it; a nested member that only the answer has would be lost, and is an error."""
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
        raise CannotBeSentBack(f"UpdateUserPool does not accept {', '.join(lost)}")


def _leave_out_unused_account_validity(request: dict[str, object]) -> None:
    """Both forms of the same number are described; sent together they are refused (terraform-provider-aws #8845)."""
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
        # Cognito takes 0 for "not set" and makes it 7; and a password policy is not ours to invent.
        raise CannotBeSentBack("AdminCreateUserConfig.UnusedAccountValidityDays has no newer form in this pool")
    request["Policies"] = policies | {"PasswordPolicy": password | {"TemporaryPasswordValidityDays": days}}


def _leave_out_repeated_texts(request: dict[str, object]) -> None:
    template = _copy(request.get("VerificationMessageTemplate"))
    for older, newer in IN_TEMPLATE.items():
        if older not in request or newer not in template:
            continue
        if request[older] != template[newer]:
            raise CannotBeSentBack(f"{older} and VerificationMessageTemplate.{newer} differ")
        del request[older]


def _leave_out_system_tags(request: dict[str, object]) -> None:
    """Tags of AWS itself are described with the others, cannot be sent, and stay."""
    if "UserPoolTags" in request:
        tags = _copy(request["UserPoolTags"])
        request["UserPoolTags"] = {key: value for key, value in tags.items() if not key.startswith(_SYSTEM_TAG)}


def _copy(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}
