"""SES's state: one store for both API versions, separate by account and region.

The emulator keeps one store for SES v1 and another for v2. SES itself is one service whose two APIs show the same
identities and policies, so both are answered from here. Configuration sets stay in the emulator's v2 store, which is
right already.
"""

import hashlib
import time
from dataclasses import dataclass, field
from typing import Literal

from sandbox.mail import emulator

type IdentityKind = Literal["EMAIL_ADDRESS", "DOMAIN"]

SIMULATOR_DOMAIN = "simulator.amazonses.com"
DAY = 86_400.0
_STILL_VERIFIED = frozenset({"SUCCESS", "TEMPORARY_FAILURE"})


@dataclass(slots=True, kw_only=True)
class Identity:
    """An address or domain from which SES may send, as GetEmailIdentity describes it."""

    name: str
    kind: IdentityKind
    verification_status: str = "PENDING"
    verified_for_sending: bool | None = None
    dkim_status: str = "NOT_STARTED"
    dkim_signing_enabled: bool = False
    dkim_tokens: list[str] = field(default_factory=list)
    dkim_origin: str = "AWS_SES"
    mail_from_domain: str | None = None
    mail_from_status: str = "PENDING"
    mail_from_on_failure: str = "USE_DEFAULT_VALUE"
    feedback_forwarding: bool = True
    configuration_set: str | None = None
    policies: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    last_checked: float | None = None
    last_success: float | None = None
    error_type: str | None = None

    @property
    def usable(self) -> bool:
        """Whether SES sends from it now; follows the verification status unless control overrides it.

        An identity whose DNS record vanished stays verified while SES looks for it, for 72 hours (SES guide).
        """
        if self.verified_for_sending is not None:
            return self.verified_for_sending
        return self.verification_status in _STILL_VERIFIED


@dataclass(slots=True, kw_only=True)
class SesAccount:
    """The standing of an account in one region: by default out of the sandbox, healthy and free to send."""

    production_access: bool = True
    sending_enabled: bool = True
    enforcement_status: str = "HEALTHY"
    max_24_hour_send: float = 50_000.0
    max_send_rate: float = 14.0
    suppressed_reasons: list[str] = field(default_factory=lambda: ["BOUNCE", "COMPLAINT"])
    dedicated_ip_warmup: bool = False
    details: emulator.Json = field(default_factory=dict)
    sent_before: float = 0.0
    sent_at: list[float] = field(default_factory=list)

    def sent_last_24_hours(self) -> float:
        """Count the mails of the last 24 hours, plus the number that control added."""
        horizon = time.time() - DAY
        self.sent_at[:] = [moment for moment in self.sent_at if moment >= horizon]
        return self.sent_before + len(self.sent_at)

    def quota_is_used_up(self) -> bool:
        """Whether the next mail would exceed the daily quota; -1 means unlimited."""
        return self.max_24_hour_send >= 0 and self.sent_last_24_hours() >= self.max_24_hour_send


@dataclass(slots=True, kw_only=True)
class Suppressed:
    """An entry of the account's suppression list."""

    address: str
    reason: str
    updated: float
    message_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Realm:
    """Everything SES keeps for one account in one region."""

    account_id: str
    region: str
    identities: dict[str, Identity] = field(default_factory=dict)
    account: SesAccount = field(default_factory=SesAccount)
    suppressed: dict[str, Suppressed] = field(default_factory=dict)

    def arn_of(self, name: str) -> str:
        """Give the ARN of an identity here."""
        return f"arn:{emulator.partition_of(self.region)}:ses:{self.region}:{self.account_id}:identity/{name}"

    def identity(self, name_or_arn: str) -> Identity | None:
        """Find an identity by name or ARN; domains without regard to case."""
        return self.identities.get(canonical_name(name_or_arn))

    def add(self, name: str) -> Identity:
        """Make a new identity, unverified as on AWS, or give the one that is there."""
        name = canonical_name(name)
        if name not in self.identities:
            kind: IdentityKind = "EMAIL_ADDRESS" if "@" in name else "DOMAIN"
            self.identities[name] = Identity(name=name, kind=kind)
        return self.identities[name]

    def identity_that_sends_for(self, address: str) -> Identity | None:
        """Find the usable identity an address belongs to: itself, its domain, or a parent domain."""
        for candidate in (address, *domains_above(address)):
            identity = self.identity(candidate)
            if identity is not None and identity.usable:
                return identity
        return None

    def may_receive_in_sandbox(self, address: str) -> bool:
        """Whether an account in the SES sandbox may send to this address."""
        return domain_of(address) == SIMULATOR_DOMAIN or self.identity_that_sends_for(address) is not None


def canonical_name(name_or_arn: str) -> str:
    """Reduce a name or ARN to the key of the store: domains in lower case, addresses as they are."""
    name = name_or_arn.rpartition(":identity/")[2]
    return name if "@" in name else name.lower()


def domain_of(address: str) -> str:
    """Give the domain of an address, in lower case."""
    return address.rpartition("@")[2].lower()


def domains_above(address: str) -> list[str]:
    """List the address's domain and its parents, nearest first, without the top-level domain."""
    labels = domain_of(address).split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def dkim_tokens(domain: str) -> list[str]:
    """Give the three Easy DKIM tokens of a domain, always the same."""
    return [hashlib.sha256(f"{domain}/{number}".encode()).hexdigest()[:32] for number in range(3)]


_realms: dict[tuple[str, str], Realm] = {}


def realm(account: str | None = None, region: str | None = None) -> Realm:
    """Give the store of an account and region; by default those of the current call."""
    key = (account or emulator.account_id(), region or emulator.region())
    return _realms.setdefault(key, Realm(account_id=key[0], region=key[1]))


def forget_everything() -> None:
    """Empty the store of every account and region."""
    _realms.clear()
