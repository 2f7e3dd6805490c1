"""Whether SES takes a message now: the account's standing, the sender, the recipients, the configuration set."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum

from sandbox.mail import emulator
from sandbox.mail.ses.store import SIMULATOR_DOMAIN, Identity, Realm, domain_of


class RefusalKind(StrEnum):
    """The reasons SES has for not taking a message."""

    ACCOUNT_SHUT_DOWN = "account shut down"
    SENDING_DISABLED = "sending disabled"
    QUOTA = "quota used up"
    NOT_VERIFIED = "not verified"
    NO_CONFIGURATION_SET = "configuration set missing"
    CONFIGURATION_SET_DISABLED = "configuration set disabled"
    NO_IP_POOL = "dedicated IP pool missing"
    MAIL_FROM_NOT_VERIFIED = "MAIL FROM not verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One refusal, in SES's words."""

    kind: RefusalKind
    message: str


def refusal_by_account(realm: Realm, recipients: Sequence[str]) -> Refusal | None:
    """Judge the account's standing: paused by AWS, sending switched off, sandbox, daily quota.

    Without recipients an account in the SES sandbox is taken to refuse, because it would refuse any customer.
    """
    account = realm.account
    if account.enforcement_status == "SHUTDOWN":
        return Refusal(
            kind=RefusalKind.ACCOUNT_SHUT_DOWN,
            message=f"AWS paused sending for account {realm.account_id} in {realm.region}.",
        )
    if not account.sending_enabled:
        return Refusal(
            kind=RefusalKind.SENDING_DISABLED,
            message=f"Email sending is disabled for your account {realm.account_id} in {realm.region}.",
        )
    if not account.production_access and (refused := _refusal_in_sandbox(realm, recipients)):
        return refused
    counts = not recipients or any(domain_of(parseaddr(one)[1]) != SIMULATOR_DOMAIN for one in recipients)
    if counts and account.quota_is_used_up():
        return Refusal(kind=RefusalKind.QUOTA, message="Daily message quota exceeded.")
    return None


def refusal_by_configuration_set(realm: Realm, name: str | None) -> Refusal | None:
    """Judge the configuration set a message names: it must exist and its sending must be on."""
    if not name:
        return None
    found = emulator.configuration_set(realm.account_id, realm.region, name)
    if found is None:
        return Refusal(kind=RefusalKind.NO_CONFIGURATION_SET, message=f"Configuration set <{name}> does not exist.")
    if not found.get("SendingOptions", {}).get("SendingEnabled", True):
        return Refusal(
            kind=RefusalKind.CONFIGURATION_SET_DISABLED,
            message=f"Email sending is disabled for the configuration set <{name}>.",
        )
    ip_pool = found.get("DeliveryOptions", {}).get("SendingPoolName")
    if ip_pool and not emulator.ip_pool_exists(realm.account_id, realm.region, ip_pool):
        # AWS does not document it. Mail that is refused is the worse of what may happen.
        return Refusal(kind=RefusalKind.NO_IP_POOL, message=f"Dedicated IP pool <{ip_pool}> does not exist.")
    return None


def refusal_by_mail_from(identity: Identity) -> Refusal | None:
    """Judge the custom MAIL FROM: with the behavior reject, SES sends nothing unless its status is success."""
    rejects = identity.mail_from_domain and identity.mail_from_on_failure == "REJECT_MESSAGE"
    if not rejects or identity.mail_from_status == "SUCCESS":
        return None
    said = f"The MAIL FROM domain {identity.mail_from_domain} is {identity.mail_from_status}."
    return Refusal(kind=RefusalKind.MAIL_FROM_NOT_VERIFIED, message=said)


def effective_set(identity: Identity | None, named: str | None) -> str | None:
    """Give the configuration set a message goes through: the one it names, else the identity's default."""
    return named or (identity.configuration_set if identity is not None else None)


def refusal(realm: Realm, sender: str, recipients: Sequence[str], configuration_set: str | None) -> Refusal | None:
    """Judge a message that the account itself sends through the API."""
    identity = realm.identity_that_sends_for(parseaddr(sender)[1])
    if identity is None:
        return not_verified(realm, [sender])
    return (
        refusal_by_account(realm, recipients)
        or refusal_by_mail_from(identity)
        or refusal_by_configuration_set(realm, effective_set(identity, configuration_set))
    )


def suppressed_as(realm: Realm, address: str, configuration_set: str | None) -> str | None:
    """The reason why SES accepts a message to this address without delivering it, or None."""
    entry = realm.suppressed.get(address.lower())
    if entry is None or entry.reason not in suppressed_reasons(realm, configuration_set):
        return None
    return entry.reason


def suppressed_reasons(realm: Realm, configuration_set: str | None) -> Sequence[str]:
    """The reasons for which SES puts addresses on the suppression list and does not deliver to them.

    A configuration set's own list of reasons replaces the account's; an empty list switches suppression off.
    """
    reasons: Sequence[str] = realm.account.suppressed_reasons
    if configuration_set:
        found = emulator.configuration_set(realm.account_id, realm.region, configuration_set) or {}
        reasons = found.get("SuppressionOptions", {}).get("SuppressedReasons", reasons)
    return reasons


def not_verified(realm: Realm, names: Sequence[str]) -> Refusal:
    """Word the refusal of identities that are missing or not verified."""
    return Refusal(
        kind=RefusalKind.NOT_VERIFIED,
        message="Email address is not verified. The following identities failed the check in region "
        f"{realm.region.upper()}: {', '.join(names)}",
    )


def _refusal_in_sandbox(realm: Realm, recipients: Sequence[str]) -> Refusal | None:
    if not recipients:
        return not_verified(realm, ["any recipient, because the account is in the SES sandbox"])
    failed = [one for one in recipients if not realm.may_receive_in_sandbox(parseaddr(one)[1])]
    return not_verified(realm, failed) if failed else None
