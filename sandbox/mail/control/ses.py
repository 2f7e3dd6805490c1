"""Control routes that set what only AWS or the DNS decides: an account's standing, an identity's verification."""

import json
import time
from collections.abc import Mapping
from http import HTTPStatus

from sandbox.control import ControlError, Json, Route
from sandbox.mail import emulator
from sandbox.mail.control.body import members, refuse_unknown
from sandbox.mail.mail_path.mailbox import MAILBOX
from sandbox.mail.ses.store import Realm, SesAccount, Suppressed, dkim_tokens, realm
from sandbox.mail.ses.v2.identities import describe

_ENFORCEMENT = {"HEALTHY", "PROBATION", "SHUTDOWN"}
_VERIFICATION = {"PENDING", "SUCCESS", "FAILED", "TEMPORARY_FAILURE", "NOT_STARTED"}
_PLAIN_ACCOUNT = {"production_access", "sending_enabled", "suppressed_reasons"}
_QUOTA = {"max24": "max_24_hour_send", "rate": "max_send_rate", "sent": "sent_before"}
_STATUSES = {"verification_status", "dkim_status", "mail_from_status"}
_PLAIN_IDENTITY = {
    "verified_for_sending",
    "dkim_signing_enabled",
    "mail_from_domain",
    "feedback_forwarding",
    "configuration_set",
    "error_type",
    "last_checked",
    "last_success",
}


def _realm_of(path: Mapping[str, str], query: Mapping[str, str]) -> Realm:
    return realm(query.get("account") or emulator.account_id(), path["region"])


def _set_account(path: Mapping[str, str], body: Json, query: Mapping[str, str]) -> object:
    """Set members of the account's standing; those left out stay as they are."""
    given = members(body)
    refuse_unknown(given, _PLAIN_ACCOUNT | {"enforcement_status", "quota", "reset"})
    place = _realm_of(path, query)
    if given.get("reset"):
        place.account = SesAccount()
    account = place.account
    for name in _PLAIN_ACCOUNT & set(given):
        setattr(account, name, given[name])
    if "enforcement_status" in given:
        account.enforcement_status = _one_of(_ENFORCEMENT, given["enforcement_status"])
    quota = members(given.get("quota"))
    refuse_unknown(quota, set(_QUOTA))
    for name, value in quota.items():
        setattr(account, _QUOTA[name], float(value))
    if "sent" in quota:
        account.sent_at.clear()
    return _shown_account(place)


def _get_account(path: Mapping[str, str], _: Json, query: Mapping[str, str]) -> object:
    return _shown_account(_realm_of(path, query))


def _shown_account(place: Realm) -> emulator.Json:
    account = place.account
    return {
        "production_access": account.production_access,
        "sending_enabled": account.sending_enabled,
        "enforcement_status": account.enforcement_status,
        "suppressed_reasons": account.suppressed_reasons,
        "quota": {
            "max24": account.max_24_hour_send,
            "rate": account.max_send_rate,
            "sent": account.sent_last_24_hours(),
        },
    }


def _set_identity(path: Mapping[str, str], body: Json, query: Mapping[str, str]) -> object:
    """Set members of an identity, making it first if it is not there; policies and tags replace what there is.

    Policies are stored as given, without the checks of the write path: older or foreign tools may have
    left anything there.
    """
    given = members(body)
    refuse_unknown(given, _STATUSES | _PLAIN_IDENTITY | {"policies", "tags"})
    identity = _realm_of(path, query).add(path["name"])
    for name in _STATUSES & set(given):
        setattr(identity, name, _one_of(_VERIFICATION, given[name]))
    if "verification_status" in given:
        identity.last_checked = time.time()
        if identity.verification_status == "SUCCESS":
            identity.last_success = identity.last_checked
            if identity.kind == "DOMAIN":  # a domain is verified by its DKIM records
                identity.dkim_status = given.get("dkim_status", "SUCCESS")
                identity.dkim_signing_enabled |= not identity.dkim_tokens
                identity.dkim_tokens = identity.dkim_tokens or dkim_tokens(identity.name)
    for name in _PLAIN_IDENTITY & set(given):
        setattr(identity, name, given[name])
    if "policies" in given:
        identity.policies = {name: _text(policy) for name, policy in members(given["policies"]).items()}
    if "tags" in given:
        identity.tags = dict(members(given["tags"]))
    return describe(identity)


def _get_identity(path: Mapping[str, str], _: Json, query: Mapping[str, str]) -> object:
    identity = _realm_of(path, query).identity(path["name"])
    if identity is None:
        raise ControlError(HTTPStatus.NOT_FOUND, f"no identity {path['name']} in {path['region']}")
    return describe(identity)


def _delete_identity(path: Mapping[str, str], _: Json, query: Mapping[str, str]) -> object:
    place = _realm_of(path, query)
    identity = place.identity(path["name"])
    if identity is not None:
        del place.identities[identity.name]
    return {}


def _fill_suppression_list(path: Mapping[str, str], body: Json, query: Mapping[str, str]) -> object:
    """Add many entries at once: ``addresses``, or ``count`` made-up ones; ``age_days`` puts them into the past."""
    given = members(body)
    refuse_unknown(given, {"addresses", "count", "reason", "age_days"})
    place = _realm_of(path, query)
    updated = time.time() - float(given.get("age_days", 0)) * 86_400
    made_up = [f"gone-{number}@example.net" for number in range(int(given.get("count", 0)))]
    for address in [*given.get("addresses", []), *made_up]:
        key = str(address).lower()
        entry = Suppressed(address=key, reason=given.get("reason", "BOUNCE"), updated=updated)
        place.suppressed[key] = entry
    return {"entries": len(place.suppressed)}


def _set_default_sender(_: Mapping[str, str], body: Json, query: Mapping[str, str]) -> object:
    """Set the number of mails that the account's pools sent today from the default sender."""
    given = members(body)
    refuse_unknown(given, {"sent"})
    account = query.get("account") or emulator.account_id()
    if "sent" in given:
        MAILBOX.set_default_sender_used(account, int(given["sent"]))
    return {"sent": MAILBOX.default_sender_used_today(account)}


def _one_of(allowed: set[str], value: object) -> str:
    if value not in allowed:
        raise ControlError(HTTPStatus.BAD_REQUEST, f"{value!r} is none of {', '.join(sorted(allowed))}")
    return str(value)


def _text(policy: object) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy)


_ACCOUNT = "/_sandbox/ses/{region}/account"
_IDENTITY = "/_sandbox/ses/{region}/identities/{name}"

ROUTES = (
    Route(
        "POST",
        _ACCOUNT,
        _set_account,
        "Set what only AWS decides about an SES account.",
        query=("account",),
        body={"production_access": False, "enforcement_status": "PROBATION", "quota": {"max24": 200, "sent": 190}},
        members="`sending_enabled`, `suppressed_reasons`, `quota.rate`, `reset`; `enforcement_status`: `HEALTHY`, "
        "`PROBATION`, `SHUTDOWN`",
    ),
    Route("GET", _ACCOUNT, _get_account, "Show an SES account.", query=("account",)),
    Route(
        "POST",
        _IDENTITY,
        _set_identity,
        "Create an identity or set its state: verify it, as its DNS records or the click in the mail would.",
        query=("account",),
        body={"verification_status": "SUCCESS"},
        members="`verified_for_sending`, `dkim_status`, `dkim_signing_enabled`, `mail_from_domain`, "
        "`mail_from_status`, `feedback_forwarding`, `configuration_set`, `error_type`, `last_checked`, `last_success`, "
        "`policies` (by name), `tags`; statuses: `PENDING`, `SUCCESS`, `FAILED`, `TEMPORARY_FAILURE`, `NOT_STARTED`",
    ),
    Route("GET", _IDENTITY, _get_identity, "Show an identity.", query=("account",)),
    Route("DELETE", _IDENTITY, _delete_identity, "Delete an identity without an event.", query=("account",)),
    Route(
        "POST",
        "/_sandbox/ses/{region}/suppression",
        _fill_suppression_list,
        "Put addresses on the suppression list.",
        query=("account",),
        body={"addresses": ["jane@example.com"], "reason": "BOUNCE", "age_days": 30},
        members="`count` instead of `addresses`: made-up ones",
    ),
    Route(
        "POST",
        "/_sandbox/cognito/default-sender",
        _set_default_sender,
        "Set or show how many of the 50 mails a day of the default sender are used.",
        query=("account",),
        body={"sent": 50},
    ),
)
