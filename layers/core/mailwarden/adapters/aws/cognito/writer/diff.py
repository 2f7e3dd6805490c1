"""Compares two looks at a pool by meaning, to detect drift before a write and side effects after it."""

import json
from collections.abc import Iterator, Mapping

from mailwarden.adapters.aws.cognito.writer.request import IN_TEMPLATE
from mailwarden.adapters.aws.raw_responses import RawMembers
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.repair.change_documents import email_document

# RawMembers that change with every write, change by themselves (Cognito's estimate), or only describe the sender.
_NOT_SETTINGS = frozenset({"LastModifiedDate", "EstimatedNumberOfUsers", "EmailConfigurationFailure"})
EMAIL = "EmailConfiguration"
# Its presence alone turns on device tracking, with any value (Cognito API reference, DeviceConfigurationType).
_MEANS_SOMETHING_WHEN_EMPTY = frozenset({"DeviceConfiguration"})


def pool_differences(before: RawMembers, after: RawMembers) -> tuple[str, ...]:
    """The paths of the settings that differ between two raw ``UserPool``s, EmailConfiguration aside; never a value."""
    settings = (_pool_settings(before), _pool_settings(after))
    return tuple(sorted(_differences(*settings, path="")))


def mfa_differences(before: RawMembers, after: RawMembers) -> tuple[str, ...]:
    """The paths that differ between two raw answers to GetUserPoolMfaConfig."""
    return tuple(sorted(_differences(_settings(before), _settings(after), path="")))


def differing_members(one: EmailConfiguration, other: EmailConfiguration) -> tuple[str, ...]:
    """The Cognito API names of the members that differ; never a value."""
    left, right = email_document(one), email_document(other)
    return tuple(sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name)))


def differing_in_meaning(one: EmailConfiguration, other: EmailConfiguration) -> tuple[str, ...]:
    """As ``differing_members``, with an absent EmailSendingAccount read as COGNITO_DEFAULT."""
    return differing_members(one.in_full, other.in_full)


def _pool_settings(pool: RawMembers) -> Mapping[str, object]:
    settings = _settings({name: value for name, value in pool.items() if name not in _NOT_SETTINGS | {EMAIL}})
    return _with_one_temporary_password_validity(_without_repeated_texts(settings))


def _without_repeated_texts(settings: dict[str, object]) -> dict[str, object]:
    """An older member that repeats the template may be absent or present; one with another text counts."""
    template = _dictionary(settings.get("VerificationMessageTemplate"))
    repeated = {
        older
        for older, newer in IN_TEMPLATE.items()
        if older in settings and newer in template and settings[older] == template[newer]
    }
    return {name: value for name, value in settings.items() if name not in repeated}


def _with_one_temporary_password_validity(settings: dict[str, object]) -> dict[str, object]:
    """Two members contain this number; the older one counts only if the newer one is absent."""
    admin = settings.get("AdminCreateUserConfig")
    if not isinstance(admin, dict) or "UnusedAccountValidityDays" not in admin:
        return settings
    days = admin["UnusedAccountValidityDays"]
    policies = _dictionary(settings.get("Policies"))
    password = {"TemporaryPasswordValidityDays": days} | _dictionary(policies.get("PasswordPolicy"))
    newer = {name: value for name, value in admin.items() if name != "UnusedAccountValidityDays"}
    others = {name: value for name, value in settings.items() if name != "AdminCreateUserConfig"}
    rest = {"AdminCreateUserConfig": newer} if newer else {}
    return others | rest | {"Policies": policies | {"PasswordPolicy": password}}


def _settings(members: RawMembers) -> dict[str, object]:
    """The members that are set: null counts as absent, and so does empty where it means the same."""
    known = {name: _canonical(value) for name, value in members.items()}
    return {
        name: value
        for name, value in known.items()
        if value is not None and (value not in ({}, []) or name in _MEANS_SOMETHING_WHEN_EMPTY)
    }


def _canonical(value: object) -> object:
    match value:
        case dict():
            return _settings(value)
        case list():
            # The order of a pool's lists has no meaning: attributes, factors, schema; recovery mechanisms are numbered.
            return sorted((_canonical(element) for element in value), key=lambda one: json.dumps(one, sort_keys=True))
        case _:
            return value


def _differences(before: object, after: object, *, path: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in before.keys() | after.keys():
            inner = f"{path}.{name}" if path else str(name)
            if name not in before or name not in after:
                yield inner
            else:
                yield from _differences(before[name], after[name], path=inner)
    elif before != after:
        yield path


def _dictionary(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}
